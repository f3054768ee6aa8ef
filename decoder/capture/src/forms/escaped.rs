//! Text with escapes, as programs print octets: `"~\xA0\x27\n"` of C, Python and loggers.

use crate::forms::hex::digit;

/// Appends the octets that `text` stands for; not where an escape is none that is known.
pub(crate) fn decode(text: &[u8], octets: &mut Vec<u8>) -> bool {
    let start = octets.len();
    let mut rest = text;
    while let [first, behind @ ..] = rest {
        let (octet, behind) = match (first, behind) {
            (b'\\', [kind, behind @ ..]) => match escape(*kind, behind) {
                Some(found) => found,
                None => break,
            },
            (b'\\', []) => break,
            _ => (*first, behind),
        };
        octets.push(octet);
        rest = behind;
    }
    if !rest.is_empty() {
        octets.truncate(start);
    }
    rest.is_empty()
}

/// How many `\x..` there are in `text`.
pub(crate) fn count(text: &[u8]) -> usize {
    text.windows(2).filter(|pair| pair.eq_ignore_ascii_case(b"\\x")).count()
}

/// The octet that an escape stands for, and what follows it.
fn escape(kind: u8, behind: &[u8]) -> Option<(u8, &[u8])> {
    let octet = match kind {
        b'x' | b'X' => {
            let (&[high, low], behind) = behind.split_first_chunk()?;
            return pair(high, low).map(|octet| (octet, behind));
        }
        b'u' => {
            let (&[b'0', b'0', high, low], behind) = behind.split_first_chunk()? else { return None };
            return pair(high, low).map(|octet| (octet, behind));
        }
        b'0' => 0x00,
        b'a' => 0x07,
        b'b' => 0x08,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 0x0B,
        b'f' => 0x0C,
        b'r' => b'\r',
        b'e' => 0x1B,
        b'\\' | b'"' | b'\'' | b'/' => kind,
        _ => return None,
    };
    Some((octet, behind))
}

fn pair(high: u8, low: u8) -> Option<u8> {
    let (high, low) = (digit(high), digit(low));
    (high | low <= 0x0F).then_some(high << 4 | low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_escapes_of_several_languages() {
        let mut octets = Vec::new();
        assert!(decode(br#"~\xA0'\x01\r\n\0\\\"\'\u0010\a\b\t\v\f\e/\/"#, &mut octets));
        assert_eq!(octets, b"~\xA0'\x01\r\n\0\\\"'\x10\x07\x08\t\x0B\x0C\x1B//");
        for text in [r"\xG0", r"\x1", r"\q", "\\", r"\u0110"] {
            assert!(!decode(text.as_bytes(), &mut octets), "{text}");
        }
    }
}
