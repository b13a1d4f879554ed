//! What current notices say as warnings, and which of them others have replaced or ended.
//!
//! `notice.hidden` marks exercises, tests and drafts, which are never public. `notice.ends_at` says when an alert is over: 0
//! for one that another has replaced or ended, the largest number for one without an end; NULL for all that are no alerts.

use super::rows;
use crate::model::{Notice, NoticeId, Warning, WarningStage};
use rusqlite::{Connection, Transaction, params};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Notes what a notice says as a warning, or that it says none any more. Says whether it says or said one.
pub(super) fn keep(tx: &Transaction<'_>, id: i64, notice: &Notice) -> rusqlite::Result<bool> {
    let hidden = notice.warning.as_ref().is_some_and(|warning| !warning.actual);
    tx.prepare_cached(
        "UPDATE notice SET hidden = ?2, ends_at = NULL WHERE id = ?1 AND (hidden OR ?2 OR ends_at IS NOT NULL)",
    )?
    .execute(params![id, hidden])?;
    let Some(warning) = &notice.warning else {
        return Ok(tx.prepare_cached("DELETE FROM warning WHERE notice = ?1")?.execute([id])? > 0);
    };
    let content = serde_json::to_vec(warning).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    tx.prepare_cached(
        "INSERT INTO warning (notice, content) VALUES (?1, ?2) ON CONFLICT (notice) DO UPDATE SET content = ?2",
    )?
    .execute(params![id, content])?;
    Ok(true)
}

/// Notes when each alert is over, after some of them changed. An update or cancellation counts also once its source no
/// longer lists it: what it ended stays ended.
pub(super) fn settle(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    let all = read(tx, "SELECT notice, content FROM warning", [])?;
    // An exercise ends no real warning.
    let ends = |w: &&Warning| w.actual && w.stage != WarningStage::Alert;
    let ended: HashSet<&str> = all
        .iter()
        .map(|(_, warning)| warning)
        .filter(ends)
        .flat_map(|w| w.references.iter().filter(|r| **r != w.identifier).map(String::as_str))
        .collect();
    let mut put = tx.prepare_cached("UPDATE notice SET ends_at = ?2 WHERE id = ?1 AND ends_at IS NOT ?2")?;
    for (id, warning) in &all {
        let ends_at = match ended.contains(warning.identifier.as_str()) {
            true => 0,
            false => warning.expires.map_or(i64::MAX, |end| rows::micros(end).max(1)),
        };
        put.execute(params![id.0, ends_at])?;
    }
    Ok(())
}

/// The warnings of current notices that are meant for the public and not over at an instant, in microseconds since the
/// epoch.
pub(super) fn current(conn: &Connection, now: i64) -> rusqlite::Result<HashMap<NoticeId, Arc<Warning>>> {
    let all = read(
        conn,
        "SELECT n.id, w.content FROM public_notice n JOIN warning w ON w.notice = n.id WHERE n.ends_at > ?1",
        [now.max(0)],
    )?;
    Ok(all.into_iter().map(|(id, warning)| (id, Arc::new(warning))).collect())
}

fn read(
    conn: &Connection,
    statement: &str,
    values: impl rusqlite::Params,
) -> rusqlite::Result<Vec<(NoticeId, Warning)>> {
    let mut query = conn.prepare_cached(statement)?;
    let mut found = query.query(values)?;
    let mut all = Vec::new();
    while let Some(row) = found.next()? {
        // One that cannot be read costs no edition; its notice is shown as any other.
        if let Ok(warning) = serde_json::from_slice::<Warning>(row.get_ref(1)?.as_blob()?) {
            all.push((NoticeId(row.get(0)?), warning));
        }
    }
    Ok(all)
}
