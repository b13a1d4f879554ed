//! Figures as the public reads them: digits in threes, money with its fen.

/// Fen in a yuan.
const FEN: u64 = 100;
/// Parts of a quantity.
const PARTS: u64 = 10_000;

/// `2316` as `2,316`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// Money in fen as `86,420.00`.
pub fn money(fen: i64) -> String {
    let (sign, n) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs());
    format!("{sign}{}.{:02}", grouped(n / FEN), n % FEN)
}

/// A quantity in ten-thousandths as `1,204.5`.
pub fn quantity(parts: i64) -> String {
    let (sign, n) = (if parts < 0 { "-" } else { "" }, parts.unsigned_abs());
    let rest = format!("{:04}", n % PARTS);
    let rest = rest.trim_end_matches('0');
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{rest}", grouped(n / PARTS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_said_as_people_write_them() {
        let all: Vec<String> = [0, 17, 128, 2316, 1_234_567].map(grouped).into();
        assert_eq!(all, ["0", "17", "128", "2,316", "1,234,567"]);
        assert_eq!([0, 5, -12_345, 8_642_000].map(money), ["0.00", "0.05", "-123.45", "86,420.00"]);
        assert_eq!([0, 5_000, 12_045_000, -10_001].map(quantity), ["0", "0.5", "1,204.5", "-1.0001"]);
        assert_eq!(money(i64::MIN), "-92,233,720,368,547,758.08");
    }
}
