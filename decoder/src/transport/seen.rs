//! Who has been heard of, for messages that leave out who sends them.

use super::Link;
use crate::application::mbus::header::Address;

/// How many M-Bus meters are remembered; the oldest gives way.
const MOST_METERS: usize = 32;
/// How many system titles are; a HAN port has one.
const MOST_TITLES: usize = 8;

/// Titles and addresses that messages said before.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    titles: [Option<(Link, [u8; 8])>; MOST_TITLES],
    next_title: usize,
    meters: [Option<(u8, Address)>; MOST_METERS],
    next: usize,
}

impl Seen {
    pub const fn new() -> Self {
        Self { titles: [None; MOST_TITLES], next_title: 0, meters: [None; MOST_METERS], next: 0 }
    }

    /// The system title that was sent last over this link.
    pub fn title(&self, link: Link) -> Option<[u8; 8]> {
        self.titles.iter().flatten().find(|(known, _)| *known == link).map(|&(_, title)| title)
    }

    pub fn remember_title(&mut self, link: Link, title: [u8; 8]) {
        let known = self.titles.iter_mut().flatten().find(|(known, _)| *known == link);
        if let Some(entry) = known {
            entry.1 = title;
        } else if let Some(entry) = self.titles.get_mut(self.next_title) {
            *entry = Some((link, title));
            self.next_title = (self.next_title + 1) % MOST_TITLES;
        }
    }

    /// The meter that answered under this A field last.
    pub fn meter(&self, field: u8) -> Option<Address> {
        self.meters.iter().flatten().find(|(known, _)| *known == field).map(|&(_, address)| address)
    }

    pub fn remember_meter(&mut self, field: u8, address: Address) {
        let known = self.meters.iter_mut().flatten().find(|(known, _)| *known == field);
        if let Some(entry) = known {
            entry.1 = address;
        } else if let Some(entry) = self.meters.get_mut(self.next) {
            *entry = Some((field, address));
            self.next = (self.next + 1) % MOST_METERS;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_gives_way() {
        let address = |octet| Address([octet; 8]);
        let mut seen = Seen::new();
        for field in 0..MOST_METERS as u8 {
            seen.remember_meter(field, address(field));
        }
        seen.remember_meter(3, address(99));
        assert_eq!(seen.meter(3), Some(address(99)));
        seen.remember_meter(200, address(200));
        assert_eq!((seen.meter(0), seen.meter(200)), (None, Some(address(200))));
    }
}
