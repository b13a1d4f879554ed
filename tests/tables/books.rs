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
        ("book.xls", xls(text)),
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

/// A workbook of Excel 97 (MS-XLS), record by record: words shared, numbers, and a formula with the last of each row.
pub fn xls(text: &str) -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| {
        [&kind.to_le_bytes(), &u16::try_from(data.len()).unwrap().to_le_bytes(), data].concat()
    };
    let (mut shared, mut sheet, mut count) = (vec![0; 8], record(0x0809, &[0, 6, 16, 0]), 0_u32);
    // What a book claims of its extent, which is a lie here.
    sheet.extend(record(0x0200, &[0, 0, 0, 0, 255, 255, 255, 127, 0, 0, 255, 255, 0, 0]));
    for (r, row) in (0_u16..).zip(cells(text)) {
        let last = row.len() - 1;
        for (c, cell) in (0_u16..).zip(row) {
            let place = [r.to_le_bytes(), c.to_le_bytes(), [0, 0]].concat();
            match cell.parse::<f64>() {
                Ok(n) if usize::from(c) == last => {
                    let formula = [&place[..], &n.to_le_bytes(), &[0; 6], &[3, 0, 0x1E, 1, 0]].concat();
                    sheet.extend(record(0x0006, &formula));
                }
                Ok(n) => sheet.extend(record(0x0203, &[&place[..], &n.to_le_bytes()].concat())),
                Err(_) if cell.is_empty() => {}
                Err(_) => {
                    let letters: Vec<u8> = cell.encode_utf16().flat_map(u16::to_le_bytes).collect();
                    shared.extend(u16::try_from(letters.len() / 2).unwrap().to_le_bytes());
                    shared.push(1);
                    shared.extend(letters);
                    sheet.extend(record(0x00FD, &[&place[..], &count.to_le_bytes()].concat()));
                    count += 1;
                }
            }
        }
    }
    sheet.extend(record(0x000A, &[]));
    let name: Vec<u8> = "账目".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (begin, shared, end) = (record(0x0809, &[0, 6, 5, 0]), record(0x00FC, &shared), record(0x000A, &[]));
    let head =
        |at: usize| record(0x0085, &[&u32::try_from(at).unwrap().to_le_bytes()[..], &[0, 0, 2, 1], &name].concat());
    let at = begin.len() + head(0).len() + shared.len() + end.len();
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    let stream = [begin, head(at), shared, end, sheet].concat();
    file.create_stream("/Workbook").unwrap().write_all(&stream).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
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

/// A workbook of cases: a title over all columns, a unit merged over two rows, real dates, a hidden sheet, and a sheet
/// of steps.
pub fn cases() -> Vec<u8> {
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    let (plain, day) = (Format::new(), Format::new().set_num_format("yyyy/m/d"));
    let minute = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let on = |d: u8| ExcelDateTime::from_ymd(2026, 11, d).unwrap();
    let mut book = Workbook::new();
    let hidden = book.add_worksheet();
    hidden.set_name("旧").unwrap().set_hidden(true);
    hidden.write_string(0, 0, "受理编号").unwrap();
    hidden.write_string(1, 0, "SL0").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("办件").unwrap().set_active(true);
    sheet.merge_range(0, 0, 0, 6, "2026年11月办件", &plain).unwrap();
    for (at, title) in (0_u16..).zip(["受理编号", "事项名称", "办理单位", "受理日期", "办结日期", "承诺时限", "状态"])
    {
        sheet.write_string(1, at, title).unwrap();
    }
    sheet.write_string(2, 0, "SL1").unwrap();
    sheet.write_string(3, 0, "SL2").unwrap();
    sheet.merge_range(2, 2, 3, 2, "水务局", &plain).unwrap();
    sheet.write_datetime_with_format(2, 3, on(2), &day).unwrap();
    sheet.write_string(2, 4, "11-9").unwrap();
    sheet.write_datetime_with_format(3, 3, on(16), &day).unwrap();
    sheet.write_number(3, 5, 7.5).unwrap();
    let steps = book.add_worksheet();
    steps.set_name("步骤").unwrap();
    for (at, title) in (0_u16..).zip(["受理编号", "环节", "开始时间"]) {
        steps.write_string(0, at, title).unwrap();
    }
    steps.write_string(1, 0, "SL1").unwrap();
    steps.write_string(1, 1, "受理").unwrap();
    steps.write_datetime_with_format(1, 2, on(2).and_hms(9, 30, 0).unwrap(), &minute).unwrap();
    book.save_to_buffer().unwrap()
}
