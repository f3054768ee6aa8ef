//! Whether octets begin as frames and messages of meters do. Decides where octets stand in a sentence of a log, and
//! between two readings of one text.

/// How many octets [`starts_message`] looks at.
pub(crate) const HEAD: usize = 24;

/// Whether `head`, the first [`HEAD`] octets or all there are, begins a frame or a bare message.
pub(crate) fn starts_message(head: &[u8]) -> bool {
    match *head {
        // EN 13757-2 5.3: a long frame gives its length twice.
        [0x68, length, again, 0x68, ..] => length == again,
        [0x10, control, address, sum, 0x16, ..] => sum == control.wrapping_add(address),
        // HDLC frame format type 3 behind one or two flags.
        [0x7E, 0x7E, format, _, _, _, _, _, ..] | [0x7E, format, _, _, _, _, _, _, ..] => {
            format & 0xF0 == 0xA0
        }
        // An LLC header as servers and clients send it.
        [0xE6, 0xE6 | 0xE7, 0x00, _, _, _, _, _, ..] => true,
        // Data-Notification: four octets invoke-id and priority, then the length of the time.
        [0x0F, _, _, _, _, time, ..] => matches!(time, 0x00 | 0x09 | 0x0C) && head.len() >= 16,
        // General ciphering with a system title that begins with the letters of its manufacturer.
        [0xDB | 0xDC, 0x08, a, b, c, ..] => [a, b, c].iter().all(u8::is_ascii_uppercase) && head.len() >= 16,
        [b'/', a, b, c, ref rest @ ..] => {
            [a, b, c].iter().all(u8::is_ascii_alphabetic)
                && rest.len() >= 8
                && rest.iter().all(|octet| octet.is_ascii_graphic() || octet.is_ascii_whitespace())
        }
        // A batch of a Tibber Pulse.
        [0x08, 0xDC, 0xD9, 0x02, ..] => true,
        _ => false,
    }
}

/// Whether `octets` is a telegram of wireless M-Bus without its check sequences: an L field that counts the rest, and
/// the C field of a meter that sends unasked (EN 13757-4: SND-NR 44, SND-IR 46, ACC-NR 47, ACC-DMD 48, RSP-UD 08).
pub(crate) fn is_wireless(octets: &[u8]) -> bool {
    match *octets {
        [0x10 | 0x68, ..] => false,
        [length, control, _, _, _, _, _, _, _, _, ..] => {
            let rest = octets.len() - 1;
            matches!(control, 0x44 | 0x46 | 0x47 | 0x48) || (control == 0x08 && rest == usize::from(length))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_and_what_is_none() {
        for head in [
            &[0x68, 0x03, 0x03, 0x68][..],
            &[0x10, 0x40, 0xFD, 0x3D, 0x16],
            &[0x7E, 0xA0, 0x27, 0x01, 0x02, 0x01, 0x10, 0x5A],
            &[0x7E, 0x7E, 0xA0, 0x27, 0x01, 0x02, 0x01, 0x10],
            b"/ABC5\\2MADE UP",
        ] {
            assert!(starts_message(head), "{head:02X?}");
        }
        for head in [
            &[][..],
            &[0x10, 0x40, 0xFD, 0x3E, 0x16],
            &[0x68, 0x03, 0x04, 0x68],
            b"/ABC",
            &[0x24, 0x4C, 0xAB],
        ] {
            assert!(!starts_message(head), "{head:02X?}");
        }
        assert!(is_wireless(&[0x0B, 0x44, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
        assert!(!is_wireless(&[0x68, 0x44, 1, 0x68, 3, 4, 5, 6, 7, 8, 9, 10]));
    }
}
