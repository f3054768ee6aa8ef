//! Who has been heard of, for messages that leave out who sends them.

use super::Link;
use crate::application::mbus::header::Address;

/// How many system titles are remembered; a HAN port has one. The oldest gives way.
const MOST_TITLES: usize = 8;
/// As many M-Bus meters as there are A fields.
const MOST_METERS: usize = 256;

/// Titles and addresses that messages said before.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    titles: [Option<(Link, [u8; 8])>; MOST_TITLES],
    next_title: usize,
    /// By A field. To search a shorter list for each frame would cost more than to read the frame's header.
    meters: [Option<Address>; MOST_METERS],
}

impl Seen {
    pub const fn new() -> Self {
        Self { titles: [None; MOST_TITLES], next_title: 0, meters: [None; MOST_METERS] }
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
        *self.meters.get(usize::from(field))?
    }

    pub fn remember_meter(&mut self, field: u8, address: Address) {
        if let Some(entry) = self.meters.get_mut(usize::from(field)) {
            *entry = Some(address);
        }
    }
}

impl Default for Seen {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_has_its_meter() {
        let address = |octet| Address([octet; 8]);
        let mut seen = Seen::new();
        for field in 0..=u8::MAX {
            seen.remember_meter(field, address(field));
        }
        seen.remember_meter(3, address(99));
        assert_eq!((seen.meter(0), seen.meter(255)), (Some(address(0)), Some(address(255))));
        assert_eq!(seen.meter(3), Some(address(99)));
    }

    #[test]
    fn the_oldest_title_gives_way() {
        let link = |address| Link::Mbus { address };
        let mut seen = Seen::new();
        for octet in 0..MOST_TITLES as u8 {
            seen.remember_title(link(octet), [octet; 8]);
        }
        seen.remember_title(link(3), [99; 8]);
        seen.remember_title(link(200), [200; 8]);
        assert_eq!(seen.title(link(3)), Some([99; 8]));
        assert_eq!((seen.title(link(0)), seen.title(link(200))), (None, Some([200; 8])));
    }
}
