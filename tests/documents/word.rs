//! Word documents made for the tests: a zip of parts, by hand.

use std::io::{Cursor, Write};
use zip::{ZipWriter, write::SimpleFileOptions};

const W: &str = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' \
    xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships' \
    xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main' xmlns:wp='urn:wp' xmlns:mc='urn:mc' xmlns:wps='urn:wps'";

/// A zip of parts.
pub fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A document of this body.
pub fn document(body: &str) -> Vec<u8> {
    with(body, &[])
}

/// A document of this body and more parts.
pub fn with(body: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let text = format!(
        "<?xml version='1.0' encoding='UTF-8'?><w:document {W}><w:body>{body}<w:sectPr/></w:body></w:document>"
    );
    let mut parts: Vec<(&str, &[u8])> = vec![("word/document.xml", text.as_bytes())];
    parts.extend_from_slice(more);
    zipped(&parts)
}

/// A part with the namespaces in it.
pub fn part(tag: &str, inner: &str) -> Vec<u8> {
    format!("<w:{tag} {W}>{inner}</w:{tag}>").into_bytes()
}

/// A paragraph of one run.
pub fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>")
}

/// A centred paragraph of a size in half points.
pub fn centred(text: &str, size: u32) -> String {
    format!(
        "<w:p><w:pPr><w:jc w:val='center'/></w:pPr><w:r><w:rPr><w:sz w:val='{size}'/></w:rPr><w:t>{text}</w:t></w:r></w:p>"
    )
}

/// A paragraph of a list.
pub fn item(list: u32, depth: u32, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='{depth}'/><w:numId w:val='{list}'/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )
}

/// A cell with properties.
pub fn cell(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text))
}
