//! How zones report what is wrong with them.

use crate::config::fault::Severity;

/// Takes a fault: how bad it is, the key it stands at, the message and the mend.
pub type Report<'a> = &'a mut dyn FnMut(Severity, &str, String, String);
