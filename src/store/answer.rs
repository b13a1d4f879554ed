//! Answering a stage's questions.

use super::{Store, StoreError, cases, lists::Lists, registers};
use crate::{
    config::Config,
    edition::{Told, Wanted},
};
use jiff::civil::Date;
use std::sync::Arc;

impl Store {
    /// What there is of what is wanted, on a day. A document comes without its pictures. A case whose day of acceptance
    /// nobody can tell has no clocks and is told as a row.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn answer(&self, wanted: &Wanted, config: &Config, today: Date) -> Result<Told, StoreError> {
        let told = match wanted {
            Wanted::Notice(id) => {
                return Ok(self.document(*id)?.map_or(Told::Nothing, |d| Told::Document(Arc::new(d))));
            }
            Wanted::Table(query) => {
                registers::table(&self.conn, query, config).map(|t| t.map(|t| Told::Table(t.into())))
            }
            Wanted::Row(id) => registers::file(&self.conn, *id, config).map(|f| f.map(|f| Told::Row(f.into()))),
            Wanted::Case(typed) => cases::case(&self.conn, typed, config, today),
            Wanted::List(query, from, most) => {
                let lists = Lists::new(&self.conn, config, query.as_of);
                lists.and_then(|mut lists| lists.window(query, *from, *most)).map(|w| Some(Told::List(w.into())))
            }
            Wanted::Months(query, notice) => {
                let lists = Lists::new(&self.conn, config, query.as_of);
                lists.and_then(|lists| lists.months(query, *notice, config)).map(|m| Some(Told::Months(m.into())))
            }
            Wanted::Search(query) => return self.find(query, config).map(|found| Told::Found(Arc::new(found))),
        };
        told.map(|told| told.unwrap_or(Told::Nothing)).map_err(|e| self.fail(&e))
    }
}
