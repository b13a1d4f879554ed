//! Books in several formats, made from one text.

use std::io::Write;

/// The same table in every format that can be made here.
pub fn all(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let utf16 = |little: bool| -> Vec<u8> {
        let units = format!("\u{FEFF}{text}").encode_utf16().collect::<Vec<_>>();
        units.into_iter().flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
    };
    vec![
        ("utf8.csv", text.into()),
        ("mark.csv", format!("\u{FEFF}{text}").into()),
        ("crlf.csv", text.replace('\n', "\r\n").into()),
        ("gbk.csv", encoding_rs::GBK.encode(text).0.into()),
        ("utf16le.csv", utf16(true)),
        ("utf16be.csv", utf16(false)),
        ("semicolons.csv", text.replace(',', ";").into()),
        ("tabs.txt", text.replace(',', "\t").into()),
        ("said.csv", format!("sep=;\n{}", text.replace(',', ";")).into()),
        ("page.xls", page(text)),
        ("book.xlsx", xlsx(text)),
        ("book.ods", ods(text)),
    ]
}

fn cells(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().map(|line| line.split(',').collect())
}

/// A web page's table, as office systems save it with the ending of a spreadsheet.
fn page(text: &str) -> Vec<u8> {
    let row = |row: Vec<&str>| format!("<tr>{}</tr>", row.iter().map(|c| format!("<td>{c}</td>")).collect::<String>());
    let rows: String = cells(text).map(row).collect();
    format!("<html><meta charset=utf-8><table border=1>{rows}</table></html>").into()
}

/// Numbers as numbers, words as words.
pub fn xlsx(text: &str) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("账目").unwrap();
    for (r, row) in (0_u32..).zip(cells(text)) {
        for (c, cell) in (0_u16..).zip(row) {
            match cell.parse::<f64>() {
                Ok(n) => sheet.write_number(r, c, n).map(drop),
                Err(_) => sheet.write_string(r, c, cell).map(drop),
            }
            .unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn ods(text: &str) -> Vec<u8> {
    let cell = |cell: &str| match cell.parse::<f64>() {
        Ok(n) => format!(
            "<table:table-cell office:value-type=\"float\" office:value=\"{n}\"><text:p>{n}</text:p></table:table-cell>"
        ),
        Err(_) if cell.is_empty() => "<table:table-cell/>".to_owned(),
        Err(_) => format!("<table:table-cell office:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>"),
    };
    let row = |row: Vec<&str>| {
        format!("<table:table-row>{}</table:table-row>", row.into_iter().map(cell).collect::<String>())
    };
    let rows: String = cells(text).map(row).collect();
    document(&format!("<table:table table:name=\"账目\">{rows}</table:table>"))
}

/// An OpenDocument spreadsheet of these tables.
pub fn document(tables: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
        xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\">\
        <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    zipped(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_bytes())])
}

/// A zip of these parts.
pub fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
