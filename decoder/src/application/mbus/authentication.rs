//! The authentication and fragmentation layer in front of the transport header (EN 13757-7:2018 6; OMS-Spec vol. 2, 6).
//!
//! CI 90, a length, the fragmentation control, and the fields that it announces. Behind them the CI field of the transport
//! header follows.

use super::control_information;
use crate::cursor::{Cursor, Short};
use crate::error::Problem;
use crate::sink::{Field, FieldSink, FieldValue, Node};

/// The CI field of this layer.
pub const CONTROL_INFORMATION: u8 = 0x90;

/// The bits of the fragmentation control field.
mod control {
    pub const MORE_FRAGMENTS: u16 = 0x4000;
    pub const MESSAGE_CONTROL: u16 = 0x2000;
    pub const MESSAGE_LENGTH: u16 = 0x1000;
    pub const COUNTER: u16 = 0x0800;
    pub const TAG: u16 = 0x0400;
    pub const KEY_INFORMATION: u16 = 0x0200;
    pub const FRAGMENT: u16 = 0x00FF;
}

/// What the layer says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Authentication<'a> {
    /// It is one of several telegrams of a message.
    pub is_fragment: bool,
    /// A tag is announced.
    pub has_tag: bool,
    /// The message control field: which tag.
    pub message_control: Option<u8>,
    /// The message counter, least significant octet first.
    pub counter: Option<[u8; 4]>,
    /// The tag over the message.
    pub tag: Option<&'a [u8]>,
    /// The message length field, least significant octet first.
    pub message_length: Option<[u8; 2]>,
    /// Everything behind the layer, CI field first, which the tag covers.
    pub message: &'a [u8],
}

impl<'a> Authentication<'a> {
    /// Whether the tag, where there is one, is an AES-CMAC, which is the only kind that is told here.
    pub fn has_known_tag(&self) -> bool {
        !self.has_tag
            || matches!(self.message_control.unwrap_or_default() & 0x0F, 3..=7) && self.tag.is_some()
    }

    /// The octets that the tag covers, in their order.
    pub fn covered(&self) -> impl Iterator<Item = &[u8]> {
        let control = self.message_control.as_ref().map(core::slice::from_ref);
        let counter = self.counter.as_ref().map(<[u8; 4]>::as_slice);
        let length = self.message_length.as_ref().map(<[u8; 2]>::as_slice);
        [control, counter, length, Some(self.message)].into_iter().flatten()
    }

    /// Reads the layer, its CI field first. What is left for the cursor is the message.
    pub(super) fn read(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Result<Self, Problem> {
        sink.enter(Node::Authentication, cursor.position());
        let result = Self::try_read(cursor, sink);
        sink.leave(cursor.position());
        result.map_err(Problem::from)
    }

    fn try_read(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Result<Self, Short> {
        cursor.octet(sink, |octet| {
            Field::code("CI field", octet.into(), control_information::meaning(octet))
        })?;
        let length = cursor.octet(sink, |octet| Field::number("length", octet.into()))?;
        let mut layer = cursor.split(length.into()).ok_or(cursor.short(length.into()))?;
        let result = Self::read_fields(&mut layer, sink);
        layer.undecoded(sink);
        Ok(Self { message: cursor.ahead(), ..result? })
    }

    fn read_fields(layer: &mut Cursor<'a>, sink: &mut impl FieldSink) -> Result<Self, Short> {
        let octets = layer.array::<2>(sink, |octets| {
            Field::new("fragmentation control", FieldValue::Unsigned(u16::from_le_bytes(*octets).into()))
        })?;
        let fields = u16::from_le_bytes(*octets);
        let mut result = Self {
            // Fragments count from 1; a message in one telegram has number 0 or 1.
            is_fragment: fields & control::MORE_FRAGMENTS != 0 || fields & control::FRAGMENT > 1,
            has_tag: fields & control::TAG != 0,
            ..Self::default()
        };
        if fields & control::MESSAGE_CONTROL != 0 {
            let octet = layer
                .octet(sink, |octet| Field::code("message control", octet.into(), tag_meaning(octet)))?;
            result.message_control = Some(octet);
        }
        if fields & control::KEY_INFORMATION != 0 {
            layer.octets(2, "key information", sink)?;
        }
        if fields & control::COUNTER != 0 {
            let octets = layer.array::<4>(sink, |octets| {
                Field::number("message counter", u32::from_le_bytes(*octets).into())
            })?;
            result.counter = Some(*octets);
        }
        if fields & control::TAG != 0 {
            let length = tag_length(result.message_control.unwrap_or_default());
            let octets = layer.octets(length, "authentication tag", sink)?;
            result.tag = Some(octets).filter(|octets| !octets.is_empty());
        }
        if fields & control::MESSAGE_LENGTH != 0 {
            let octets = layer.array::<2>(sink, |octets| {
                Field::number("message length", u16::from_le_bytes(*octets).into())
            })?;
            result.message_length = Some(*octets);
        }
        Ok(result)
    }
}

/// How long the tag is, by the lower half of the message control field (EN 13757-7:2018 Table 10).
const fn tag_length(message_control: u8) -> u32 {
    match message_control & 0x0F {
        3 => 2,
        4 => 4,
        5 => 8,
        6 => 12,
        7 => 16,
        8 => 12,
        _ => 0,
    }
}

const fn tag_meaning(message_control: u8) -> &'static str {
    match message_control & 0x0F {
        0 => "no tag",
        3 => "AES-CMAC-128, 2 octets",
        4 => "AES-CMAC-128, 4 octets",
        5 => "AES-CMAC-128, 8 octets",
        6 => "AES-CMAC-128, 12 octets",
        7 => "AES-CMAC-128, 16 octets",
        8 => "AES-GMAC-128, 12 octets",
        _ => "",
    }
}
