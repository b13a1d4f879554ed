//! The date as people say it: weekday, lunar date. Pure.
