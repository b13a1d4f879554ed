//! PDF documents made for the tests, object by object.

use flate2::{Compression, write::ZlibEncoder};
use std::io::Write;

/// A document of objects (the first is the catalogue), with its table of places.
pub fn file(objects: &[Vec<u8>], info: Option<usize>) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", n + 1).into_bytes());
        out.extend_from_slice(object);
        out.extend(b"\nendobj\n");
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    places.iter().for_each(|place| out.extend(format!("{place:010} 00000 n \n").into_bytes()));
    let info = info.map(|n| format!(" /Info {n} 0 R")).unwrap_or_default();
    let size = objects.len() + 1;
    out.extend(format!("trailer\n<< /Size {size} /Root 1 0 R{info} >>\nstartxref\n{table}\n%%EOF\n").into_bytes());
    out
}

/// A stream object.
pub fn stream(dictionary: &str, bytes: &[u8]) -> Vec<u8> {
    let mut object = format!("<< {dictionary} /Length {} >>\nstream\n", bytes.len()).into_bytes();
    object.extend_from_slice(bytes);
    object.extend(b"\nendstream");
    object
}

/// Packed as FlateDecode wants it.
pub fn packed(bytes: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut zip = ZlibEncoder::new(Vec::new(), Compression::fast());
    bytes.for_each(|chunk| zip.write_all(&chunk).unwrap());
    zip.finish().unwrap()
}

fn hex(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("{unit:04X}")).collect()
}

/// Lines of text as page content: size, x and y of each, in the font /F1.
pub fn lines(lines: &[(&str, u32, u32, u32)]) -> String {
    let line =
        |(text, size, x, y): &(&str, u32, u32, u32)| format!("BT /F1 {size} Tf {x} {y} Td <{}> Tj ET\n", hex(text));
    lines.iter().map(line).collect()
}

/// A document whose pages have these contents, with a font 宋体 that is not in it and a picture /I1 of four pixels.
pub fn document(pages: &[String]) -> Vec<u8> {
    let kids: String = (0..pages.len()).map(|n| format!("{} 0 R ", 7 + 2 * n)).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", pages.len()).into_bytes(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>".to_vec(),
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) \
          /Supplement 2 >> /DW 1000 >>"
            .to_vec(),
        stream(
            "/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceRGB /BitsPerComponent 8",
            &[255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0],
        ),
        [b"<< /Title <FEFF".as_slice(), hex("示例县预算公开").as_bytes(), b"> /CreationDate (D:20261120093000+08'00') >>"].concat(),
    ];
    for (n, content) in pages.iter().enumerate() {
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
             /Resources << /Font << /F1 3 0 R >> /XObject << /I1 5 0 R >> >> >>",
            8 + 2 * n
        );
        objects.push(page.into_bytes());
        objects.push(stream("", content.as_bytes()));
    }
    file(&objects, Some(6))
}

/// A document without properties, of one page with this content as it is.
pub fn plain(content: Vec<u8>, more: &[Vec<u8>]) -> Vec<u8> {
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /X0 5 0 R >> >> >>".to_vec(),
        content,
    ];
    objects.extend_from_slice(more);
    file(&objects, None)
}
