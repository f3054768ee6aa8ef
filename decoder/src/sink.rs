//! How fields reach whoever wants to see them.
//!
//! The parsers report every field, container, reading and problem to a [`FieldSink`] as they read. The page records a
//! tree, the command prints one, and `()` ignores everything, in which case the reporting compiles to nothing.

use core::fmt;

use crate::application::mbus::data_information::{Dif, Dife};
use crate::application::mbus::header::Status;
use crate::date_time::DateTime;
use crate::decimal::Decimal;
use crate::error::Problem;
use crate::obis::Obis;
use crate::reading::{Reading, Unit, Value};
use crate::span::Span;
use crate::text::Text;

/// Receives what a parser reads, in the order of the octets.
///
/// Every method does nothing by default. Calls to [`enter`](Self::enter) and [`leave`](Self::leave) are balanced, and the
/// spans of the fields between them lie end to end: they tile the buffer.
pub trait FieldSink {
    /// Whether the sink looks at fields. One that wants readings and problems only says no, and then no field is even
    /// described.
    fn wants_fields(&self) -> bool {
        true
    }
    /// Whether code is to be spared, as on a processor with a few kilobytes. Then what few meters send is left undecoded,
    /// without a reading: DLMS messages in pieces, event-notifications and information fields without an LLC header,
    /// lists that do not name their objects, compact arrays. Of the others come [numbers](Self::number), not readings.
    /// And a body is walked once only, so that its numbers come
    /// before it is known to be whole: they count only if the frame gives a message.
    fn spares_code(&self) -> bool {
        false
    }
    /// A container begins at octet `at`.
    fn enter(&mut self, node: Node, at: u32) {
        let _ = (node, at);
    }
    /// A leaf: octets and what they mean.
    fn field(&mut self, field: Field<'_>, span: Span) {
        let _ = (field, span);
    }
    /// The innermost container ends before octet `at`.
    fn leave(&mut self, at: u32) {
        let _ = at;
    }
    /// Something is wrong; its place counts in the current buffer.
    fn problem(&mut self, problem: Problem) {
        let _ = problem;
    }
    /// A quantity with its value, made of fields already reported.
    fn reading(&mut self, reading: &Reading<'_>) {
        let _ = reading;
    }
    /// A number of which scale and unit are certain, where [code is spared](Self::spares_code).
    fn number(&mut self, obis: Obis, number: Decimal, unit: Unit) {
        let _ = (obis, number, unit);
    }
    /// A second buffer begins: until it is [closed](Self::close) every place counts in its octets, from 0 on. Its fields
    /// tile it as those of the frame tile the frame.
    fn open(&mut self, buffer: &Buffer<'_>) {
        let _ = buffer;
    }
    /// The second buffer that was opened last ends; places count where they counted before.
    fn close(&mut self) {}
}

/// The sink that ignores everything.
impl FieldSink for () {
    #[inline]
    fn wants_fields(&self) -> bool {
        false
    }
}

impl<S: FieldSink + ?Sized> FieldSink for &mut S {
    fn wants_fields(&self) -> bool {
        (**self).wants_fields()
    }
    fn spares_code(&self) -> bool {
        (**self).spares_code()
    }
    fn enter(&mut self, node: Node, at: u32) {
        (**self).enter(node, at);
    }
    fn field(&mut self, field: Field<'_>, span: Span) {
        (**self).field(field, span);
    }
    fn leave(&mut self, at: u32) {
        (**self).leave(at);
    }
    fn problem(&mut self, problem: Problem) {
        (**self).problem(problem);
    }
    fn reading(&mut self, reading: &Reading<'_>) {
        (**self).reading(reading);
    }
    fn number(&mut self, obis: Obis, number: Decimal, unit: Unit) {
        (**self).number(obis, number, unit);
    }
    fn open(&mut self, buffer: &Buffer<'_>) {
        (**self).open(buffer);
    }
    fn close(&mut self) {
        (**self).close();
    }
}

/// Octets that did not come in one piece or not in the clear: a buffer of their own, in which spans count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buffer<'a> {
    /// How it came about.
    pub origin: Origin,
    /// All of its octets.
    pub octets: &'a [u8],
    /// Where its octets came from, in their order; empty where they are the plaintext of the octets just reported.
    pub pieces: &'a [Piece],
}

/// How a second buffer came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Origin {
    /// Segments or blocks, joined.
    Joined,
    /// A ciphertext, deciphered.
    Deciphered,
}

impl Origin {
    /// What a person calls the buffer.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Joined => "joined",
            Self::Deciphered => "deciphered",
        }
    }
}

/// A part of a joined message and where it came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// How many octets of the message it is.
    pub length: u32,
    /// Which frame brought it, counted from the first one that the decoder saw.
    pub frame: u32,
    /// Where it begins in that frame, or in the buffer that was open when it was read.
    pub at: u32,
}

/// A container of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// An HDLC frame, flags included (ISO/IEC 13239, frame format type 3).
    HdlcFrame,
    /// A wired M-Bus frame (EN 13757-2:2018 5.4).
    MbusFrame,
    /// A P1 telegram (DSMR P1 companion standard 5.0.2, 6.2).
    P1Telegram,
    /// The user data of an M-Bus frame: everything after the CI field's frame header.
    UserData,
    /// The header after the CI field: identification, access number, status, configuration (EN 13757-7:2018 7).
    TransportHeader,
    /// A data record, counted from 0 within its message (EN 13757-3:2018 6).
    Record(u16),
    /// The data information block: DIF and DIFEs.
    DataInformation,
    /// The value information block: VIF, VIFEs, plain text unit.
    ValueInformation,
    /// The LLC header of an HDLC information field (IEC 62056-46).
    Llc,
    /// A DLMS APDU (IEC 62056-5-3).
    Apdu,
    /// A date-time in front of a notification's body.
    ApduTime,
    /// A DLMS structure of so many elements.
    Structure(u16),
    /// A DLMS array of so many elements.
    Array(u16),
    /// A ciphered part and the header that says how.
    Ciphered,
    /// A line of a P1 telegram.
    Line,
    /// Authentication and fragmentation in front of the transport header (EN 13757-7:2018 6).
    Authentication,
}

impl Node {
    /// What a person calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HdlcFrame => "HDLC frame",
            Self::MbusFrame => "M-Bus frame",
            Self::P1Telegram => "P1 telegram",
            Self::UserData => "user data",
            Self::TransportHeader => "header",
            Self::Record(_) => "record",
            Self::DataInformation => "data information",
            Self::ValueInformation => "value information",
            Self::Llc => "LLC header",
            Self::Apdu => "APDU",
            Self::ApduTime => "date-time",
            Self::Structure(_) => "structure",
            Self::Array(_) => "array",
            Self::Ciphered => "ciphered part",
            Self::Line => "line",
            Self::Authentication => "authentication header",
        }
    }

    /// The number of a record or the number of elements, where there is one.
    pub const fn number(self) -> Option<u16> {
        match self {
            Self::Record(number) | Self::Structure(number) | Self::Array(number) => Some(number),
            _ => None,
        }
    }
}

/// A leaf: a name in the field's own terms, and a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field<'a> {
    /// The standard's term, lower case: `access number`, `VIF`, `frame check sequence`.
    pub name: &'static str,
    /// What the octets say.
    pub value: FieldValue<'a>,
}

impl<'a> Field<'a> {
    /// A field called `name`.
    pub const fn new(name: &'static str, value: FieldValue<'a>) -> Self {
        Self { name, value }
    }

    /// A code and what it stands for.
    pub const fn code(name: &'static str, code: u32, meaning: &'static str) -> Self {
        Self::new(name, FieldValue::Code { code, meaning })
    }

    /// A plain number.
    pub const fn number(name: &'static str, number: u64) -> Self {
        Self::new(name, FieldValue::Unsigned(number))
    }
}

/// What the octets of a leaf say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldValue<'a> {
    /// Nothing more than the octets themselves.
    Octets(&'a [u8]),
    /// Octets that were not understood or not looked at.
    Undecoded(&'a [u8]),
    /// A start, stop or flag octet, or filling: there to be found, without content.
    Marker,
    /// A plain number.
    Unsigned(u64),
    /// A plain signed number.
    Signed(i64),
    /// A measured value with its unit.
    Value(Value<'a>, Unit),
    /// A code and what it stands for; `meaning` is empty where nothing is known.
    Code {
        /// The code.
        code: u32,
        /// What it stands for.
        meaning: &'static str,
    },
    /// Characters.
    Text(Text<'a>),
    /// A date, a time or both.
    Time(DateTime),
    /// The name of a COSEM object.
    Obis(Obis),
    /// Three letters of a manufacturer (EN 13757-7:2018 7.5.2).
    Manufacturer([u8; 3]),
    /// A check sum or check sequence.
    Check {
        /// What the frame carries.
        received: u32,
        /// What its octets give.
        computed: u32,
    },
    /// A data information field.
    Dif(Dif),
    /// A data information field extension.
    Dife(Dife),
    /// The number printed on an M-Bus meter: eight digits, packed.
    Identification(u32),
    /// The status octet of an M-Bus meter.
    Status(Status),
}

impl fmt::Display for FieldValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Octets(octets) | Self::Undecoded(octets) => write_hex(f, octets),
            Self::Marker => Ok(()),
            Self::Unsigned(number) => write!(f, "{number}"),
            Self::Signed(number) => write!(f, "{number}"),
            Self::Value(value, Unit::None) => write!(f, "{value}"),
            Self::Value(value, unit) => write!(f, "{value} {}", unit.symbol()),
            Self::Code { code, meaning: "" } => write!(f, "{code:02X}h, unknown"),
            Self::Code { code, meaning } => write!(f, "{code:02X}h, {meaning}"),
            Self::Text(text) => write!(f, "{text}"),
            Self::Time(time) => write!(f, "{time}"),
            Self::Obis(obis) => write!(f, "{obis}"),
            Self::Manufacturer(letters) => letters.iter().try_for_each(|&l| write!(f, "{}", l as char)),
            Self::Check { received, computed } if received == computed => write!(f, "{received:X}h, right"),
            Self::Check { received, computed } => {
                write!(f, "{received:X}h, wrong: the octets give {computed:X}h")
            }
            Self::Dif(dif) => write!(f, "{dif}"),
            Self::Dife(dife) => write!(f, "{dife}"),
            Self::Identification(id) => write!(f, "{id:08X}"),
            Self::Status(status) => write!(f, "{status}"),
        }
    }
}

fn write_hex(f: &mut fmt::Formatter<'_>, octets: &[u8]) -> fmt::Result {
    for (index, octet) in octets.iter().enumerate() {
        if index > 0 {
            f.write_str(" ")?;
        }
        write!(f, "{octet:02X}")?;
    }
    Ok(())
}
