//! The keys that a person has given. They live in memory; their digits are cleared when they are dropped.

use std::fmt;
use std::rc::Rc;

use meterscope_decoder::security::{Key, KeyError, Owner};
use zeroize::Zeroizing;

use crate::copy::hex;
use crate::session::{Fit, Session};

/// All keys, in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    entries: Vec<Rc<NamedKey>>,
    next: u32,
    /// Whether they are to outlive the page.
    pub remembered: bool,
}

/// Keys are the same if they are the same ones: their digits are not compared.
impl PartialEq for Keys {
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): (&Rc<NamedKey>, &Rc<NamedKey>)| Rc::ptr_eq(a, b);
        self.remembered == other.remembered
            && self.entries.len() == other.entries.len()
            && self.entries.iter().zip(&other.entries).all(same)
    }
}

/// A key with the name that the person gave it.
#[derive(Clone)]
pub struct NamedKey {
    /// Tells it from the others as long as the page is open.
    pub id: u32,
    /// What the person calls it.
    pub name: String,
    key: Key,
    /// 32 digits each.
    encryption: Zeroizing<String>,
    authentication: Option<Zeroizing<String>>,
}

/// No digit of a key.
impl fmt::Debug for NamedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NamedKey").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

/// Which part of a key is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The encryption key.
    Encryption,
    /// The authentication key.
    Authentication,
}

impl NamedKey {
    /// A key as a person writes it; the authentication key may be empty, or follow the encryption key after a colon.
    ///
    /// # Errors
    ///
    /// Says which part is wrong and why.
    pub fn new(
        name: &str,
        encryption: &str,
        authentication: &str,
        owner: Owner,
    ) -> Result<Self, (Part, KeyError)> {
        let first = Key::from_text(encryption).map_err(|error| (Part::Encryption, error))?;
        let digits = digits_of(encryption);
        let (encryption, behind) = digits.split_at_checked(DIGITS).unwrap_or((&digits, ""));
        let authentication = match (authentication.trim().is_empty(), first.has_authentication()) {
            (true, false) => None,
            (true, true) => Some(Zeroizing::new(behind.to_owned())),
            (false, _) => {
                Key::from_text(authentication).map_err(|error| (Part::Authentication, error))?;
                Some(digits_of(authentication))
            }
        };
        let encryption = Zeroizing::new(encryption.to_owned());
        Self::of(0, name.trim().to_owned(), encryption, authentication, owner)
            .map_err(|error| (Part::Encryption, error))
    }

    fn of(
        id: u32,
        name: String,
        encryption: Zeroizing<String>,
        authentication: Option<Zeroizing<String>>,
        owner: Owner,
    ) -> Result<Self, KeyError> {
        let text = match &authentication {
            Some(authentication) => Zeroizing::new(format!("{}:{}", *encryption, **authentication)),
            None => encryption.clone(),
        };
        let mut key = Key::from_text(&text)?;
        key.owner = owner;
        Ok(Self { id, name, key, encryption, authentication })
    }

    /// For whose messages it is.
    pub const fn owner(&self) -> Owner {
        self.key.owner
    }

    /// Whether it has an authentication key.
    pub const fn has_authentication(&self) -> bool {
        self.authentication.is_some()
    }

    /// The same with encryption and authentication key in each other's place.
    fn swapped(&self) -> Option<Self> {
        let authentication = self.authentication.clone()?;
        let encryption = Some(self.encryption.clone());
        Self::of(self.id, self.name.clone(), authentication, encryption, self.owner()).ok()
    }
}

const DIGITS: usize = 32;

/// The hexadecimal digits in `text`, without the `0x` in front of them.
fn digits_of(text: &str) -> Zeroizing<String> {
    let parts = text.split(':').map(str::trim_start);
    let parts = parts.map(|part| part.strip_prefix("0x").or(part.strip_prefix("0X")).unwrap_or(part));
    let mut digits = Zeroizing::new(String::with_capacity(2 * DIGITS));
    digits.extend(parts.flat_map(str::chars).filter(char::is_ascii_hexdigit));
    digits
}

impl Keys {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &NamedKey> {
        self.entries.iter().map(Rc::as_ref)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Copies for a session to read with.
    pub fn for_session(&self) -> Vec<Key> {
        self.iter().map(|entry| entry.key.clone()).collect()
    }

    /// Adds a key.
    pub fn add(&mut self, key: Rc<NamedKey>) {
        self.next += 1;
        let mut key = Rc::unwrap_or_clone(key);
        key.id = self.next;
        self.entries.push(Rc::new(key));
    }

    /// Gives a key another name.
    pub fn rename(&mut self, id: u32, name: &str) {
        self.change(id, |key| NamedKey { name: name.trim().to_owned(), ..key.clone() });
    }

    /// Forgets a key.
    pub fn remove(&mut self, id: u32) {
        self.entries.retain(|entry| entry.id != id);
    }

    /// Encryption and authentication key change places.
    pub fn swap(&mut self, id: u32) {
        self.change(id, |key| key.swapped().unwrap_or_else(|| key.clone()));
    }

    fn change(&mut self, id: u32, change: impl Fn(&NamedKey) -> NamedKey) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.id == id) {
            *entry = Rc::new(change(entry));
        }
    }

    /// The keys as text, one a line, for whoever asked that they be remembered.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::new());
        for key in self.iter() {
            let owner = match key.owner() {
                Owner::Anyone => String::new(),
                Owner::Address(octets) => hex(&octets),
                Owner::Identification(number) => format!("{number:08X}"),
            };
            let authentication = key.authentication.as_deref().map_or("", String::as_str);
            let name = key.name.replace(char::is_control, " ");
            text.extend([&key.encryption, "\t", authentication, "\t", &owner, "\t", &name, "\n"]);
        }
        text
    }

    /// The keys that [`to_text`](Self::to_text) gave. A line that is none is left out.
    pub fn from_text(text: &str) -> Self {
        let mut keys = Self { remembered: true, ..Self::default() };
        for line in text.lines() {
            let mut parts = line.splitn(4, '\t');
            let mut part = || parts.next().unwrap_or_default();
            let (encryption, authentication, owner, name) = (part(), part(), part(), part());
            let owner = if owner.is_empty() { Ok(Owner::Anyone) } else { Owner::from_text(owner) };
            let Ok(owner) = owner else { continue };
            if let Ok(key) = NamedKey::new(name, encryption, authentication, owner) {
                keys.add(Rc::new(key));
            }
        }
        keys
    }
}

/// How a key fits the ciphered messages of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyFit {
    /// As it is.
    pub fit: Fit,
    /// It would fit with encryption and authentication key in each other's place.
    pub swapped: bool,
}

impl KeyFit {
    /// Tries the key on the messages of `session`.
    pub fn of(key: &NamedKey, session: &Session) -> Self {
        let fit = session.fit(&key.key);
        let swapped = || key.swapped().is_some_and(|swapped| session.fit(&swapped.key).opened > 0);
        Self { fit, swapped: fit.tried > 0 && fit.opened == 0 && swapped() }
    }
}

#[cfg(test)]
#[path = "keys/tests.rs"]
mod tests;
