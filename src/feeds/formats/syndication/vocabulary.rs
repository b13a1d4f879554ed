//! The names that feeds use, and the namespaces they are of.

/// Whether a name is one of some, in whatever case.
pub fn one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|n| name.eq_ignore_ascii_case(n))
}

/// Fields of entries: where one of them begins, one that has no end is over.
pub fn is_field(name: &str) -> bool {
    const FIELDS: [&str; 27] = [
        "title",
        "link",
        "description",
        "pubdate",
        "guid",
        "author",
        "category",
        "enclosure",
        "comments",
        "source",
        "date",
        "creator",
        "encoded",
        "id",
        "updated",
        "published",
        "issued",
        "modified",
        "created",
        "summary",
        "content",
        "contributor",
        "rights",
        "subject",
        "group",
        "thumbnail",
        "keywords",
    ];
    one_of(name, &FIELDS)
}

/// The vocabularies that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ns {
    /// RSS and Atom, which share their names.
    Core,
    /// Dublin Core.
    Dublin,
    /// RSS's module for whole texts.
    Content,
    /// Media RSS.
    Media,
    /// Podcasts.
    Itunes,
    /// XHTML.
    Xhtml,
    /// The Common Alerting Protocol.
    Cap,
    /// One that is passed over.
    Other,
}

/// The vocabulary of a namespace.
pub fn namespace(address: &str) -> Ns {
    match address.trim().trim_end_matches(['/', '#']).to_ascii_lowercase().as_str() {
        "http://www.w3.org/2005/atom"
        | "http://purl.org/atom/ns"
        | "http://purl.org/rss/1.0"
        | "http://my.netscape.com/rdf/simple/0.9"
        | "http://channel.netscape.com/rdf/simple/0.9"
        | "http://backend.userland.com/rss2"
        | "http://blogs.law.harvard.edu/tech/rss" => Ns::Core,
        "http://purl.org/dc/elements/1.1" | "http://purl.org/dc/elements/1.0" | "http://purl.org/dc/terms" => {
            Ns::Dublin
        }
        "http://purl.org/rss/1.0/modules/content" => Ns::Content,
        "http://search.yahoo.com/mrss" | "https://search.yahoo.com/mrss" => Ns::Media,
        "http://www.itunes.com/dtds/podcast-1.0.dtd" => Ns::Itunes,
        "http://www.w3.org/1999/xhtml" => Ns::Xhtml,
        "urn:oasis:names:tc:emergency:cap:1.1" | "urn:oasis:names:tc:emergency:cap:1.2" => Ns::Cap,
        _ => Ns::Other,
    }
}

/// What a prefix usually stands for.
pub fn usual(prefix: &str) -> Ns {
    match prefix.to_ascii_lowercase().as_str() {
        "atom" | "rss" | "a10" => Ns::Core,
        "dc" | "dcterms" => Ns::Dublin,
        "content" => Ns::Content,
        "media" => Ns::Media,
        "itunes" => Ns::Itunes,
        "xhtml" => Ns::Xhtml,
        "cap" => Ns::Cap,
        _ => Ns::Other,
    }
}
