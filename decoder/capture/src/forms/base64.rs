//! Base64 (RFC 4648), also with the alphabet for addresses, wrapped or not.

use crate::evidence::{HEAD, starts_message};

/// The shortest text that is taken for Base64, in characters.
const SHORTEST: usize = 7;

/// The shortest text that is taken for Base64 though its octets begin no frame.
const SHORTEST_WITHOUT_FRAME: usize = 24;

/// Whether a line can be one of Base64: its characters and nothing else.
pub(crate) fn is_line(text: &[u8]) -> bool {
    let unpadded = text.trim_ascii();
    let unpadded = unpadded.strip_suffix(b"==").or_else(|| unpadded.strip_suffix(b"=")).unwrap_or(unpadded);
    unpadded.len() >= 4 && unpadded.iter().all(|&octet| value(octet) < 64)
}

/// Appends the octets of `text`, which may be wrapped; not where it is rather something else.
pub(crate) fn decode(text: &[u8], octets: &mut Vec<u8>) -> bool {
    let start = octets.len();
    let decoded = decode_all(text, octets);
    let written = octets.get(start..).unwrap_or_default();
    let is_message = starts_message(written.get(..HEAD).unwrap_or(written));
    let good = decoded && (is_message || is_no_word(text));
    if !good {
        octets.truncate(start);
    }
    good
}

/// As [`decode`], but only where the octets begin a frame or a message.
pub(crate) fn decode_message(text: &[u8], octets: &mut Vec<u8>) -> bool {
    let start = octets.len();
    let decoded = text.len() >= SHORTEST && decode_all(text, octets);
    let written = octets.get(start..).unwrap_or_default();
    let good = decoded && starts_message(written.get(..HEAD).unwrap_or(written));
    if !good {
        octets.truncate(start);
    }
    good
}

/// Long, padded to its length, and with capitals, small letters and digits: no word of any language.
fn is_no_word(text: &[u8]) -> bool {
    let characters = text.iter().filter(|octet| !octet.is_ascii_whitespace()).count();
    let has = |is: fn(&u8) -> bool| text.iter().any(is);
    characters >= SHORTEST_WITHOUT_FRAME
        && characters.is_multiple_of(4)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(|octet| octet.is_ascii_digit() || *octet == b'+')
}

fn decode_all(text: &[u8], octets: &mut Vec<u8>) -> bool {
    let mut bits = 0_u32;
    let mut count = 0;
    let mut padding = 0;
    let mut characters = 0_usize;
    for &octet in text.iter().filter(|octet| !octet.is_ascii_whitespace()) {
        characters += 1;
        if octet == b'=' {
            padding += 1;
            continue;
        }
        let value = value(octet);
        if value > 63 || padding > 0 {
            return false;
        }
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            octets.push((bits >> count) as u8);
        }
    }
    // What is left over of the last character is zero, and padding fills up to four characters.
    let padded = padding == 0 || (padding <= 2 && characters.is_multiple_of(4));
    characters >= SHORTEST && padded && count < 6 && bits & ((1 << count) - 1) == 0
}

fn value(octet: u8) -> u8 {
    match octet {
        b'A'..=b'Z' => octet - b'A',
        b'a'..=b'z' => octet - b'a' + 26,
        b'0'..=b'9' => octet - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => 0xFF,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_and_words() {
        let mut octets = Vec::new();
        assert!(decode(b"EEAAQBY=", &mut octets));
        assert_eq!(octets, [0x10, 0x40, 0x00, 0x40, 0x16]);
        octets.clear();
        assert!(decode(b"EEAA\nQBY", &mut octets));
        assert_eq!(octets, [0x10, 0x40, 0x00, 0x40, 0x16]);
        for text in ["EEAAQBZ=", "EEAAQBY==", "Password", "AmsToMqttBridgeForEverybody", "EEAA=QBY"] {
            assert!(!decode(text.as_bytes(), &mut octets), "{text}");
        }
        assert_eq!(octets.len(), 5);
    }
}
