//! What a visitor typed or looked up: it is shown to them, and written nowhere.

use std::{
    fmt,
    ops::{Deref, DerefMut},
};

/// Something of a visit. No log level prints it: its `Debug` is `…`, and it has no `Display`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Takes it out, for where it is shown or asked for.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl<T> Deref for Private<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Private<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Private<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for Private<String> {
    fn from(words: &str) -> Self {
        Self(words.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Private;

    #[test]
    fn it_is_never_printed() {
        let typed: Private<String> = "示例公司".into();
        assert_eq!(format!("{typed:?} {:?} {:#?}", Some(&typed), Private::from('x')), "… Some(…) …");
        assert_eq!((typed.as_str(), typed.clone().into_inner()), ("示例公司", "示例公司".to_owned()));
    }
}
