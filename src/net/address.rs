//! Addresses as they may be written down: without what only the server is to know.

use std::borrow::Cow;
use url::Url;

/// Names of query values that open a door, in lower case and without their marks.
const SECRETS: [&str; 15] = [
    "token",
    "accesstoken",
    "key",
    "apikey",
    "accesskey",
    "appkey",
    "secret",
    "appsecret",
    "password",
    "passwd",
    "pwd",
    "auth",
    "authorization",
    "sign",
    "signature",
];

/// An address for a message, a table or the store: without a name and a password, and with `***` in place of a query's
/// tokens. What is no address of that kind is given back as it is.
pub fn redacted(address: &str) -> Cow<'_, str> {
    if !address.contains("://") {
        return Cow::Borrowed(address);
    }
    let Ok(url) = Url::parse(address) else { return Cow::Borrowed(address) };
    let has_login = !url.username().is_empty() || url.password().is_some();
    if !has_login && !url.query_pairs().any(|(name, _)| is_secret(&name)) {
        return Cow::Borrowed(address);
    }
    let mut shown = without_login(url.clone());
    if url.query().is_some() {
        shown.query_pairs_mut().clear().extend_pairs(url.query_pairs().map(|(name, value)| {
            let value = if is_secret(&name) { "***".into() } else { value };
            (name, value)
        }));
    }
    Cow::Owned(shown.into())
}

/// The address without the name and the password in it, which are nobody's but the host's.
pub fn without_login(mut url: Url) -> Url {
    // An address that can hold none has none.
    let _ = url.set_password(None);
    let _ = url.set_username("");
    url
}

fn is_secret(name: &str) -> bool {
    let bare: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    SECRETS.contains(&bare.as_str())
}

#[cfg(test)]
mod tests {
    use super::redacted;
    use rstest::rstest;

    #[rstest]
    #[case("http://user:geheim@oa.example/list?page=2", "http://oa.example/list?page=2")]
    #[case("https://user@oa.example/", "https://oa.example/")]
    #[case("http://a.example/f?access_token=geheim&page=1", "http://a.example/f?access_token=***&page=1")]
    #[case("http://a.example/f?API-Key=geheim", "http://a.example/f?API-Key=***")]
    #[case("http://a.example/f?monkey=1&design=2", "http://a.example/f?monkey=1&design=2")]
    #[case("inbox/公告 1.docx", "inbox/公告 1.docx")]
    #[case("file:///srv/share/a.csv", "file:///srv/share/a.csv")]
    fn what_only_the_server_is_to_know_is_left_out(#[case] address: &str, #[case] shown: &str) {
        assert_eq!(redacted(address), shown);
    }
}
