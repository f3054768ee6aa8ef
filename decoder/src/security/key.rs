//! A key and for whom it is meant.

use core::fmt;

const DIGITS: usize = 32;

/// An encryption key, with the authentication key where there is one.
#[derive(Clone)]
pub struct Key {
    encryption: [u8; 16],
    authentication: Option<[u8; 16]>,
    /// For whose messages it is.
    pub owner: Owner,
}

/// For whose messages a key is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Owner {
    /// It is tried on everything that no other key is meant for.
    #[default]
    Anyone,
    /// A DLMS system title, or the eight octets of an M-Bus address as they are sent: manufacturer, identification,
    /// version, device type.
    Address([u8; 8]),
    /// The identification number of an M-Bus meter, eight digits packed.
    Identification(u32),
}

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// It has so many digits and not 32.
    Length(usize),
    /// A character that is no hexadecimal digit stands there, counted from 0.
    NotHexadecimal(usize),
    /// What follows the @ is neither a system title nor an identification number.
    Owner,
}

impl Key {
    /// A key of these octets.
    pub const fn new(encryption: [u8; 16], authentication: Option<[u8; 16]>, owner: Owner) -> Self {
        Self { encryption, authentication, owner }
    }

    /// The key that a text stands for: `EK`, `EK:AK`, and `@` with 16 digits of a system title or M-Bus address or 8
    /// digits of an identification number behind it. A key is 32 hexadecimal digits; `0x` in front, blanks, dashes and,
    /// where there are 15 of them, colons between its octets do not count.
    ///
    /// # Errors
    ///
    /// Says what is wrong and where, never what the digits are.
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        let (keys, owner) = text.split_once('@').map_or((text, None), |(keys, owner)| (keys, Some(owner)));
        let owner = owner.map_or(Ok(Owner::Anyone), Owner::from_text)?;
        let (encryption, authentication) = split(keys);
        let authentication = authentication.map(octets).transpose()?;
        Ok(Self { encryption: octets(encryption)?, authentication, owner })
    }

    /// Whether it has an authentication key.
    pub const fn has_authentication(&self) -> bool {
        self.authentication.is_some()
    }

    #[cfg_attr(not(feature = "crypto"), allow(dead_code, reason = "keys open nothing without ciphers"))]
    pub(crate) const fn encryption(&self) -> &[u8; 16] {
        &self.encryption
    }

    #[cfg_attr(not(feature = "crypto"), allow(dead_code, reason = "keys open nothing without ciphers"))]
    pub(crate) const fn authentication(&self) -> Option<&[u8; 16]> {
        self.authentication.as_ref()
    }
}

#[cfg(feature = "crypto")]
impl Drop for Key {
    fn drop(&mut self) {
        use zeroize::Zeroize;
        self.encryption.zeroize();
        self.authentication.zeroize();
    }
}

/// Whose it is, and nothing of its octets.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("owner", &self.owner).finish_non_exhaustive()
    }
}

impl core::str::FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::from_text(text)
    }
}

impl Owner {
    /// The owner that 16 or 8 hexadecimal digits stand for.
    ///
    /// # Errors
    ///
    /// Where there are not so many digits, or other characters.
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        let mut address = [0; 8];
        match digits(text, &mut address) {
            Ok(16) => Ok(Self::Address(address)),
            Ok(8) => {
                let [a, b, c, d, ..] = address;
                Ok(Self::Identification(u32::from_be_bytes([a, b, c, d])))
            }
            _ => Err(KeyError::Owner),
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(0) => f.write_str("there is no key; a key has 32 hexadecimal digits"),
            Self::Length(64) => {
                f.write_str("these are 64 digits, two keys: write EK:AK, with one colon between them")
            }
            Self::Length(digits) => {
                write!(f, "this key has {digits} digits; a key has 32 hexadecimal digits")
            }
            Self::NotHexadecimal(at) => {
                write!(f, "character {} of the key is no hexadecimal digit", at + 1)
            }
            Self::Owner => f.write_str(
                "after the @ stands whose key it is: 16 hexadecimal digits of a system title, or the 8 digits of a meter",
            ),
        }
    }
}

impl core::error::Error for KeyError {}

/// Divides `EK:AK`. Where colons stand between all octets of a key, the sixteenth divides.
fn split(text: &str) -> (&str, Option<&str>) {
    const BETWEEN_OCTETS: usize = 15;
    let colons = text.bytes().filter(|&octet| octet == b':').count();
    let divider = match colons {
        0 | BETWEEN_OCTETS => return (text, None),
        colons if colons > BETWEEN_OCTETS => text.match_indices(':').nth(BETWEEN_OCTETS),
        _ => text.match_indices(':').next(),
    };
    divider.map_or((text, None), |(at, _)| {
        let (encryption, rest) = text.split_at(at);
        (encryption, rest.strip_prefix(':'))
    })
}

fn octets(text: &str) -> Result<[u8; 16], KeyError> {
    let mut octets = [0; 16];
    match digits(text, &mut octets)? {
        DIGITS => Ok(octets),
        count => Err(KeyError::Length(count)),
    }
}

/// Reads hexadecimal digits into `octets` and says how many there were, also where that is too many.
fn digits(text: &str, octets: &mut [u8]) -> Result<usize, KeyError> {
    let trimmed = text.trim_start();
    let skipped = text.len() - trimmed.len();
    let (digits, skipped) = match trimmed.get(..2) {
        Some("0x" | "0X") => (trimmed.get(2..).unwrap_or_default(), skipped + 2),
        _ => (trimmed, skipped),
    };
    let mut count = 0;
    for (at, character) in digits.char_indices() {
        if character.is_whitespace() || matches!(character, ':' | '-') {
            continue;
        }
        let digit = character.to_digit(16).ok_or(KeyError::NotHexadecimal(skipped + at))?;
        if let Some(octet) = octets.get_mut(count / 2) {
            *octet = *octet << 4 | digit as u8;
        }
        count += 1;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EK: &str = "000102030405060708090A0B0C0D0E0F";
    const OCTETS: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    type Parts = ([u8; 16], Option<[u8; 16]>, Owner);

    fn key(text: &str) -> Result<Parts, KeyError> {
        Key::from_text(text).map(|key| (key.encryption, key.authentication, key.owner))
    }

    #[test]
    fn as_people_write_them() {
        let colons = "00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f";
        for text in
            [EK, "0x000102030405060708090a0b0c0d0e0f", colons, " 00010203 04050607 08090A0B 0C0D0E0F "]
        {
            assert_eq!(key(text), Ok((OCTETS, None, Owner::Anyone)), "{text}");
        }
        for text in
            [std::format!("{EK}:{EK}"), std::format!("{colons}:{colons}"), std::format!("{colons}:{EK}")]
        {
            assert_eq!(key(&text), Ok((OCTETS, Some(OCTETS), Owner::Anyone)), "{text}");
        }
    }

    #[test]
    fn whose_they_are() {
        let title = *b"KFM\x00\x01\x02\x03\x04";
        let text = std::format!("{EK}@4B464D0001020304");
        assert_eq!(key(&text).unwrap().2, Owner::Address(title));
        let text = std::format!("{EK}@12345678");
        assert_eq!(key(&text).unwrap().2, Owner::Identification(0x1234_5678));
        assert_eq!(key(&std::format!("{EK}@meter")), Err(KeyError::Owner));
    }

    #[test]
    fn what_is_no_key() {
        assert_eq!(key(""), Err(KeyError::Length(0)));
        assert_eq!(key("0011"), Err(KeyError::Length(4)));
        assert_eq!(key(&std::format!("{EK}{EK}00")), Err(KeyError::Length(66)));
        assert_eq!(key("00112g"), Err(KeyError::NotHexadecimal(5)));
        assert_eq!(key(&std::format!("{EK}:")), Err(KeyError::Length(0)));
    }

    #[test]
    fn no_digit_of_a_key_is_printed() {
        let key = Key::from_text(EK).unwrap();
        assert_eq!(std::format!("{key:?}"), "Key { owner: Anyone, .. }");
    }
}
