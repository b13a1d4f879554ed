//! Reading rows, with their history and the notices of the same number.

use super::{Shape, content, shape::numbered_month};
use crate::{
    config::Config,
    edition::{RegisterHead, RowFile},
    model::{KeptRow, NoticeHead, Row, RowId, Value},
    store::rows,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// Earlier contents that are told, and notices of the same number.
const HISTORY: i64 = 100;
const NOTICES: i64 = 50;

/// The store's number of a register; `None` for one that no rows ever came for.
pub(in crate::store) fn number(conn: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached("SELECT id FROM register WHERE name = ?1")?.query_row([name], |row| row.get(0)).optional()
}

/// The columns [`kept`] takes, of `public_row r` and its feed `f`.
pub(super) const KEPT: &str = "r.id, r.key, r.version, coalesce(r.last_seen, f.last_ok, r.seen), r.content";

/// The same and what its sums are off by, which stands at [`COLUMNS`].
pub(super) const LISTED: &str = "r.id, r.key, r.version, coalesce(r.last_seen, f.last_ok, r.seen), r.content, r.off";

/// How many columns [`KEPT`] has.
pub(super) const COLUMNS: usize = 5;

/// The row in the columns [`KEPT`].
pub(super) fn kept(shape: &Shape<'_>, row: &rusqlite::Row<'_>) -> rusqlite::Result<KeptRow> {
    Ok(KeptRow {
        id: RowId(row.get(0)?),
        row: content::read(shape, row.get_ref(1)?.as_str()?, row.get_ref(4)?.as_blob()?)?,
        last_seen: rows::instant(row.get(3)?),
        versions: row.get(2)?,
    })
}

/// One current row, whole. `None` where there is none, where its source has withdrawn it, and where its register has no
/// file any more.
pub(in crate::store) fn file(conn: &Connection, id: RowId, config: &Config) -> rusqlite::Result<Option<RowFile>> {
    let tx = conn.unchecked_transaction()?;
    let mut query = tx.prepare_cached(&format!(
        "SELECT {KEPT}, g.name, f.name, f.title FROM public_row r
         JOIN feed f ON f.id = r.feed JOIN register g ON g.id = r.register
         WHERE r.id = ?1"
    ))?;
    let mut found = query.query([id.0])?;
    let Some(row) = found.next()? else { return Ok(None) };
    let register: String = row.get(5)?;
    let Some(register_file) = config.registers.get(&register) else { return Ok(None) };
    let shape = Shape::of(register_file);
    let kept = kept(&shape, row)?;
    let feed: String = row.get(6)?;
    Ok(Some(RowFile {
        before: before(&tx, &shape, &kept)?,
        notices: notices(&tx, config, &shape, &kept.row)?,
        source: config.feeds.get(&feed).map_or_else(|| feed.clone(), |f| f.source.clone()),
        source_title: row.get(7)?,
        digest: rows::hex(&rows::sha256(row.get_ref(4)?.as_blob()?)),
        register,
        kept,
        feed,
        pictures: HashMap::new(),
        is_settled: false,
    }))
}

fn before(conn: &Connection, shape: &Shape<'_>, kept: &KeptRow) -> rusqlite::Result<Vec<(Timestamp, Row)>> {
    conn.prepare_cached("SELECT seen, content FROM row_version WHERE row = ?1 ORDER BY number DESC LIMIT ?2")?
        .query_map([kept.id.0, HISTORY], |row| {
            let content = content::read(shape, &kept.row.key, row.get_ref(1)?.as_blob()?)?;
            Ok((rows::instant(row.get(0)?), content))
        })?
        .collect()
}

/// Current notices of feeds in use with the row's document or project number; alerts are none of a project.
fn notices(conn: &Connection, config: &Config, shape: &Shape<'_>, row: &Row) -> rusqlite::Result<Vec<Arc<NoticeHead>>> {
    let column = shape.register.index(&shape.register.number);
    let number = column.and_then(|i| row.values.get(i)).and_then(Value::text).map(str::trim);
    let Some(number) = number.filter(|n| !n.is_empty()) else { return Ok(Vec::new()) };
    let mut heads = rows::Heads::in_use(conn, config)?;
    let mut query = conn.prepare_cached(&format!(
        "SELECT {} FROM public_notice WHERE number = ?1 AND ends_at IS NULL ORDER BY sorted_at DESC, id DESC LIMIT ?2",
        rows::HEAD
    ))?;
    let mut found = query.query((number, NOTICES))?;
    let mut notices = Vec::new();
    while let Some(row) = found.next()? {
        notices.extend(heads.read(row)?.map(Arc::new));
    }
    Ok(notices)
}

/// What an edition says of the registers that have files and rows.
pub(in crate::store) fn heads(conn: &Connection, config: &Config) -> rusqlite::Result<BTreeMap<String, RegisterHead>> {
    let mut heads = BTreeMap::new();
    let mut query = conn.prepare_cached(
        "SELECT g.name, sum(t.total), max(t.month) FROM register g JOIN tally t ON t.register = g.id AND t.what = ''
         GROUP BY g.id",
    )?;
    let mut found = query.query([])?;
    while let Some(row) = found.next()? {
        let name: String = row.get(0)?;
        if config.registers.contains_key(&name) {
            heads.insert(
                name,
                RegisterHead {
                    rows: u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0),
                    newest: numbered_month(row.get(2)?),
                },
            );
        }
    }
    Ok(heads)
}
