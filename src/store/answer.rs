//! Answering a stage's questions.

use super::{Store, StoreError};
use crate::{
    config::Config,
    edition::{Told, Wanted},
};
use jiff::civil::Date;
use std::sync::Arc;

impl Store {
    /// What there is of what is wanted, on a day. A document comes without its pictures.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn answer(&self, wanted: &Wanted, config: &Config, _today: Date) -> Result<Told, StoreError> {
        match wanted {
            Wanted::Notice(id) => Ok(self.document(*id)?.map_or(Told::Nothing, |d| Told::Document(Arc::new(d)))),
            Wanted::Search(query) => Ok(Told::Found(Arc::new(self.find(query, &config.regions)?))),
            Wanted::Table(_) | Wanted::Row(_) | Wanted::Case(_) => Ok(Told::Nothing),
        }
    }
}
