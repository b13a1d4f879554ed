//! Answering a stage's questions.

use super::{Store, StoreError, cases, lists::Lists, registers};
use crate::{
    config::Config,
    edition::{Query, Response},
};
use jiff::civil::Date;
use std::sync::Arc;

impl Store {
    /// What there is of what is wanted, on a day. A document comes without its pictures. A case whose day of acceptance
    /// nobody can tell has no clocks and is told as a row.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn answer(&self, query: &Query, config: &Config, today: Date) -> Result<Response, StoreError> {
        let response = match query {
            Query::Notice(id) => {
                return Ok(self.document(*id)?.map_or(Response::Nothing, |d| Response::Document(Arc::new(d))));
            }
            Query::Table(query) => {
                registers::table(&self.conn, query, config).map(|t| t.map(|t| Response::Table(t.into())))
            }
            Query::Row(id) => registers::file(&self.conn, *id, config).map(|f| f.map(|f| Response::Row(f.into()))),
            Query::Case(typed) => cases::case(&self.conn, typed, config, today),
            Query::List(query, from, most) => {
                let lists = Lists::new(&self.conn, config, query.as_of);
                lists.and_then(|mut lists| lists.window(query, *from, *most)).map(|w| Some(Response::List(w.into())))
            }
            Query::Months(query, notice) => {
                let lists = Lists::new(&self.conn, config, query.as_of);
                lists.and_then(|lists| lists.months(query, *notice, config)).map(|m| Some(Response::Months(m.into())))
            }
            Query::Search(query) => return self.find(query, config).map(|found| Response::Found(Arc::new(found))),
        };
        response.map(|response| response.unwrap_or(Response::Nothing)).map_err(|e| self.fail(&e))
    }
}
