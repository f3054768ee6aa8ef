//! Data records: data information, value information, value (EN 13757-3:2018 6.2).

use super::data_information::{self, DataInformation, DataType};
use super::value::{read_coding, read_value};
use super::value_information::{self, ValueInformation};
use super::{Direction, OctetOrder};
use crate::cursor::Cursor;
use crate::error::{Problem, ProblemKind};
use crate::reading::{Function, Note, Quantity, Reading, ReadingKind, RecordInfo, Scale, ScaleSource, Value};
use crate::sink::{Field, FieldSink, FieldValue, Node};
use crate::span::Span;

const MANUFACTURER_DATA: u8 = 0x0F;
const MORE_RECORDS_FOLLOW: u8 = 0x1F;
const IDLE_FILLER: u8 = 0x2F;
const GLOBAL_READOUT: u8 = 0x7F;

/// The records of a message, in order.
///
/// A record that cannot be read ends them: nothing says where the next one would begin. The octets from there on are
/// reported as undecoded.
#[derive(Debug)]
pub struct Records<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
    order: OctetOrder,
    direction: Direction,
    number: u16,
}

impl<'c, 'a> Records<'c, 'a> {
    /// The records that `cursor` stands before, up to its end.
    pub const fn new(cursor: &'c mut Cursor<'a>, order: OctetOrder, direction: Direction) -> Self {
        Self { cursor, order, direction, number: 0 }
    }

    /// Reads the next record and reports its fields.
    #[inline]
    pub fn next_into(&mut self, sink: &mut impl FieldSink) -> Option<Result<Reading<'a>, Problem>> {
        let mut reading = Reading::empty(Span::default());
        Some(self.read_into(&mut reading, sink)?.map(|()| reading))
    }

    /// The same for a reading that the caller keeps: it is larger than everything else about a record.
    #[inline]
    pub fn read_into(
        &mut self,
        reading: &mut Reading<'a>,
        sink: &mut impl FieldSink,
    ) -> Option<Result<(), Problem>> {
        self.skip_fillers(sink);
        let &dif = self.cursor.ahead().first()?;
        *reading = Reading::empty(Span::default());
        let start = *self.cursor;
        sink.enter(Node::Record(self.number), start.position());
        self.number = self.number.saturating_add(1);
        let result = match dif {
            MANUFACTURER_DATA | MORE_RECORDS_FOLLOW => {
                self.read_manufacturer_data(dif, reading, sink);
                Ok(())
            }
            GLOBAL_READOUT => {
                self.read_global_readout(reading, sink);
                Ok(())
            }
            _ => self.read_record(start, reading, sink),
        };
        reading.span = Span::new(start.position(), self.cursor.position());
        if let Err(problem) = result {
            sink.problem(problem);
            self.cursor.undecoded(sink);
        } else {
            sink.reading(reading);
        }
        sink.leave(self.cursor.position());
        Some(result)
    }

    fn skip_fillers(&mut self, sink: &mut impl FieldSink) {
        while self.cursor.peek(0) == Some(IDLE_FILLER) {
            let _ = self.cursor.octet(sink, |_| Field::new("idle filler", FieldValue::Marker));
        }
    }

    #[inline]
    fn read_record(
        &mut self,
        start: Cursor<'a>,
        reading: &mut Reading<'a>,
        sink: &mut impl FieldSink,
    ) -> Result<(), Problem> {
        let data = data_information::read(self.cursor, sink)?;
        let information = value_information::read(self.direction, self.cursor, sink)?;
        let coding = read_coding(data.data_type, self.cursor, sink)?;
        let header_length = self.cursor.position() - start.position();
        describe(&data, &information, reading);
        let octets = read_value(coding, self.order, &information, reading, self.cursor, sink)?;
        reading.record = Some(RecordInfo {
            header: start.ahead().get(..header_length as usize).unwrap_or_default(),
            data: octets,
            function: data.function,
            storage: data.storage,
            tariff: data.tariff,
            subunit: data.subunit,
            extensions: information.extensions,
            unit_text: information.unit_text,
        });
        Ok(())
    }

    /// Everything behind DIF 0F or 1F is the manufacturer's own (EN 13757-3:2018 6.5).
    fn read_manufacturer_data(&mut self, dif: u8, reading: &mut Reading<'a>, sink: &mut impl FieldSink) {
        let header = read_special_dif(self.cursor, sink);
        let left = self.cursor.left();
        let octets = self.cursor.octets(left, "manufacturer specific data", sink).unwrap_or_default();
        reading.kind = ReadingKind::Manufacturer { more_follows: dif == MORE_RECORDS_FOLLOW };
        reading.quantity = Quantity::ManufacturerSpecific;
        reading.value = Value::Octets(octets);
        reading.record = Some(special_record(header, octets));
    }

    fn read_global_readout(&mut self, reading: &mut Reading<'a>, sink: &mut impl FieldSink) {
        let header = read_special_dif(self.cursor, sink);
        reading.kind = ReadingKind::GlobalReadout;
        reading.record = Some(special_record(header, &[]));
    }
}

fn read_special_dif<'a>(cursor: &mut Cursor<'a>, sink: &mut impl FieldSink) -> &'a [u8] {
    cursor
        .field(1, sink, |octets| {
            let dif = data_information::Dif(octets.first().copied().unwrap_or_default());
            (Field::new("DIF", FieldValue::Dif(dif)), octets)
        })
        .unwrap_or_default()
}

const fn special_record<'a>(header: &'a [u8], data: &'a [u8]) -> RecordInfo<'a> {
    RecordInfo {
        header,
        data,
        function: Function::Instantaneous,
        storage: 0,
        tariff: 0,
        subunit: 0,
        extensions: &[],
        unit_text: None,
    }
}

fn describe(data: &DataInformation, information: &ValueInformation<'_>, reading: &mut Reading<'_>) {
    let meaning = information.meaning;
    reading.quantity = meaning.quantity;
    reading.unit = meaning.unit;
    reading.scale = Scale { exponent: meaning.exponent, source: ScaleSource::Frame };
    reading.note = match data.data_type {
        DataType::SelectionForReadout => Some(Note::Selected),
        _ => information.effect.note,
    };
}

/// The problem of a DIF after which nothing can be read.
pub(super) const fn reserved(dif: u8, at: u32) -> Problem {
    Problem::new(ProblemKind::ReservedDif { dif }, at)
}
