//! What current notices say as warnings, and which of them others have replaced or ended.

use crate::model::{Notice, NoticeId, Warning, WarningStage};
use rusqlite::{Connection, Transaction, params};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Notes what a notice says as a warning, or that it says none any more.
pub(super) fn keep(tx: &Transaction<'_>, id: i64, notice: &Notice) -> rusqlite::Result<()> {
    let Some(warning) = &notice.warning else {
        return tx.prepare_cached("DELETE FROM warning WHERE notice = ?1")?.execute([id]).map(drop);
    };
    let content = serde_json::to_vec(warning).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    tx.prepare_cached(
        "INSERT INTO warning (notice, content) VALUES (?1, ?2) ON CONFLICT (notice) DO UPDATE SET content = ?2",
    )?
    .execute(params![id, content])
    .map(drop)
}

/// The store's warnings.
#[derive(Debug, Default)]
pub(super) struct Warnings {
    /// By notice, those that are meant for the public and not replaced or ended.
    pub current: HashMap<NoticeId, Arc<Warning>>,
    /// The notices that are not to be shown: exercises, tests and drafts, and what was replaced or ended.
    pub hidden: HashSet<NoticeId>,
}

/// Reads them. An update or cancellation counts also once its source no longer lists it: what it ended stays ended.
pub(super) fn read(conn: &Connection) -> rusqlite::Result<Warnings> {
    let mut query = conn.prepare_cached("SELECT notice, content FROM warning")?;
    let mut found = query.query([])?;
    let mut all = Vec::new();
    while let Some(row) = found.next()? {
        // One that cannot be read costs no edition; its notice is shown as any other.
        if let Ok(warning) = serde_json::from_slice::<Warning>(row.get_ref(1)?.as_blob()?) {
            all.push((NoticeId(row.get(0)?), warning));
        }
    }
    // An exercise ends no real warning.
    let ends = |w: &&Warning| w.actual && w.stage != WarningStage::Alert;
    let ended: HashSet<&str> = all
        .iter()
        .map(|(_, warning)| warning)
        .filter(ends)
        .flat_map(|w| w.references.iter().filter(|r| **r != w.identifier).map(String::as_str))
        .collect();
    let is_hidden = |w: &Warning| !w.actual || ended.contains(w.identifier.as_str());
    let hidden: HashSet<NoticeId> = all.iter().filter(|(_, w)| is_hidden(w)).map(|(id, _)| *id).collect();
    drop(ended);
    let current = all.into_iter().filter(|(id, _)| !hidden.contains(id)).map(|(id, w)| (id, Arc::new(w))).collect();
    Ok(Warnings { current, hidden })
}
