//! What the worker sends back: a mark, whether it went well, a length, and that many bytes. Anything else is noise.

const MARK: &[u8] = b"GONGSHI-WORK-1\n";

/// Bytes an answer may have.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// Puts an answer, or why there is none, into a frame.
pub fn wrap(answer: &Result<Vec<u8>, String>) -> Vec<u8> {
    let (kind, bytes) = match answer {
        Ok(bytes) => (1, bytes.as_slice()),
        Err(reason) => (0, reason.as_bytes()),
    };
    let length = (bytes.len() as u64).to_le_bytes();
    [MARK, &[kind], &length, bytes].concat()
}

/// Takes it out; `None` for noise and for what breaks off.
pub fn unwrap(bytes: &[u8]) -> Option<Result<Vec<u8>, String>> {
    let (kind, rest) = bytes.strip_prefix(MARK)?.split_first()?;
    let (length, answer) = rest.split_first_chunk::<8>()?;
    if u64::from_le_bytes(*length) != answer.len() as u64 {
        return None;
    }
    match kind {
        1 => Some(Ok(answer.to_vec())),
        0 => String::from_utf8(answer.to_vec()).ok().filter(|r| !r.contains('\n')).map(Err),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{unwrap, wrap};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_wrapped_comes_out_and_nothing_else(
            answer in prop::collection::vec(any::<u8>(), 0..50), cut in 0usize..80, noise in prop::collection::vec(any::<u8>(), 0..80)
        ) {
            let framed = wrap(&Ok(answer.clone()));
            prop_assert_eq!(unwrap(&framed), Some(Ok(answer)));
            if cut < framed.len() {
                prop_assert_eq!(unwrap(&framed[..cut]), None);
            }
            prop_assert_eq!(unwrap(&[framed.as_slice(), b"x"].concat()), None);
            prop_assert_eq!(unwrap(&noise), None);
            prop_assert_eq!(unwrap(&wrap(&Err("坏".into()))), Some(Err("坏".into())));
        }
    }
}
