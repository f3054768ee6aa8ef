//! Lists of decimal numbers, as `[16, 64, 253, 61, 22]`; signed where a language has signed octets.

/// Appends the octets of a list; not all of it where a number is no octet.
pub(crate) fn decode(text: &[u8], octets: &mut Vec<u8>) -> bool {
    let mut rest = text;
    loop {
        let skip = rest.iter().take_while(|octet| !octet.is_ascii_digit()).count();
        let (before, number) = rest.split_at_checked(skip).unwrap_or((rest, &[]));
        if number.is_empty() {
            return true;
        }
        let length = number.iter().take_while(|octet| octet.is_ascii_digit()).count();
        let (digits, behind) = number.split_at_checked(length).unwrap_or((number, &[]));
        // A minus belongs to its number where nothing but a separator stands in front of it.
        let negative = matches!(before, [.., b' ' | b',' | b'[' | b'{' | b'(' | b'\t', b'-'] | [b'-']);
        let magnitude = digits
            .iter()
            .try_fold(0_u16, |value, digit| (value <= 255).then(|| value * 10 + u16::from(digit - b'0')));
        let octet = match magnitude {
            Some(value @ 0..=255) if !negative => value as u8,
            Some(value @ 0..=128) => (value as u8).wrapping_neg(),
            _ => return false,
        };
        octets.push(octet);
        rest = behind;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_signed_or_not() {
        let mut octets = Vec::new();
        assert!(decode(b"[16, 64,-3 ; 061, 255, -128]", &mut octets));
        assert_eq!(octets, [16, 64, 0xFD, 61, 255, 0x80]);
        for text in ["256", "-129", "1, 99999999999", "1000"] {
            assert!(!decode(text.as_bytes(), &mut Vec::new()), "{text}");
        }
    }
}
