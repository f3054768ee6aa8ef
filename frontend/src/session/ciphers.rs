//! Who sends ciphered messages, and which key fits.

use meterscope_decoder::error::{Problem, ProblemKind, Refusal};
use meterscope_decoder::message::{Message, MeterId, SecurityState};
use meterscope_decoder::security::Key;
use meterscope_decoder::sink::FieldSink;

use super::Session;

/// The most senders that are told apart.
const MOST_SENDERS: usize = 32;
/// The most messages that a key is tried on: a hundred say as much as a year of them.
const MOST_TRIED: usize = 100;

/// Who sends ciphered messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender {
    /// What the messages say of who sends them.
    pub name: SenderName,
    /// The frame counter of the last message.
    pub counter: Option<u32>,
    /// How many messages.
    pub messages: u32,
    /// How many of them a key opened.
    pub opened: u32,
    /// How many were refused by every key that is meant for them.
    pub refused: u32,
}

/// What ciphered messages say of who sends them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SenderName {
    /// A system title (DLMS).
    Title([u8; 8]),
    /// Letters of the manufacturer and the number of a meter (M-Bus).
    Meter([u8; 3], u32),
    /// Nothing.
    Unknown,
}

impl SenderName {
    /// Who sends this message.
    pub fn of(message: &Message) -> Self {
        let meter = message.meter.and_then(|meter| match (meter.manufacturer, meter.id) {
            (manufacturer, Some(MeterId::Packed(id))) => {
                Some(Self::Meter(manufacturer.unwrap_or(*b"   "), id))
            }
            _ => None,
        });
        message.security.system_title.map(Self::Title).or(meter).unwrap_or(Self::Unknown)
    }
}

/// How a key fits the ciphered messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// Messages that it is meant for.
    pub tried: u32,
    /// Those that it opens.
    pub opened: u32,
    /// Those of them whose tag is right.
    pub verified: u32,
    /// Those whose text makes sense while the tag is wrong: the authentication key is another.
    pub tag_only: u32,
}

/// The ciphered messages of a capture.
#[derive(Clone, Debug, Default)]
pub(super) struct Ciphers {
    senders: Vec<Sender>,
    items: Vec<usize>,
}

impl Ciphers {
    pub fn senders(&self) -> &[Sender] {
        &self.senders
    }

    /// The item `item` completes this message.
    pub fn add(&mut self, item: usize, message: &Message) {
        let security = message.security;
        if security.state == SecurityState::None {
            return;
        }
        if self.items.len() < MOST_TRIED {
            self.items.push(item);
        }
        let name = SenderName::of(message);
        let known = self.senders.iter().position(|sender| sender.name == name);
        let place = known.unwrap_or_else(|| {
            if self.senders.len() < MOST_SENDERS {
                self.senders.push(Sender { name, counter: None, messages: 0, opened: 0, refused: 0 });
            }
            self.senders.len() - 1
        });
        let Some(sender) = self.senders.get_mut(place).filter(|sender| sender.name == name) else { return };
        sender.messages += 1;
        sender.counter = security.frame_counter.or(sender.counter);
        match security.state {
            SecurityState::Decrypted | SecurityState::DecryptedUnverified => sender.opened += 1,
            SecurityState::AuthenticationFailed => sender.refused += 1,
            _ => {}
        }
    }

    /// Tries `key` alone.
    pub fn fit(&self, session: &Session, key: &Key) -> Fit {
        let mut fit = Fit::default();
        for &item in &self.items {
            let mut first = First(None);
            let decoded = session.decode_with(item, std::slice::from_ref(key), &mut first);
            let tag_only = ProblemKind::AuthenticationFailed(Refusal::TagOnly);
            fit.tag_only += u32::from(first.0.is_some_and(|problem| problem.kind == tag_only));
            match decoded.message.map(|message| message.security.state) {
                Some(SecurityState::Decrypted) => {
                    fit.tried += 1;
                    fit.opened += 1;
                    fit.verified += 1;
                }
                Some(SecurityState::DecryptedUnverified) => {
                    fit.tried += 1;
                    fit.opened += 1;
                }
                Some(SecurityState::AuthenticationFailed) => fit.tried += 1,
                _ => {}
            }
        }
        fit
    }
}

/// The first problem of a message.
struct First(Option<Problem>);

impl FieldSink for First {
    fn wants_fields(&self) -> bool {
        false
    }

    fn problem(&mut self, problem: Problem) {
        self.0 = self.0.or(Some(problem));
    }
}
