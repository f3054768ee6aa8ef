//! A sink for unit tests: keeps what was reported as text and checks that leaves tile and containers balance.

use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use crate::error::Problem;
use crate::reading::{Reading, Value};
use crate::sink::{Buffer, Field, FieldSink, Node};
use crate::span::Span;

#[derive(Default)]
pub(crate) struct TestSink {
    pub readings: Vec<String>,
    pub problems: Vec<&'static str>,
    pub fields: Vec<String>,
    end: u32,
    depth: u32,
    /// Where each enclosing buffer stands, and how long the open one is.
    outer: Vec<(u32, u32)>,
}

impl TestSink {
    /// Everything up to `end` is covered, and every container that began has ended.
    pub fn assert_tiles(&self, end: usize) {
        assert_eq!(self.end as usize, end, "the fields do not reach the end: {:?}", self.fields);
        assert_eq!(self.depth, 0, "a container has not ended");
    }
}

impl FieldSink for TestSink {
    fn enter(&mut self, _: Node, at: u32) {
        assert_eq!(at, self.end);
        self.depth += 1;
    }

    fn field(&mut self, field: Field<'_>, span: Span) {
        assert_eq!(span.start, self.end, "a gap or an overlap in front of {}", field.name);
        assert!(!span.is_empty());
        self.end = span.end;
        self.fields.push(format!("{} {}", field.name, field.value));
    }

    fn leave(&mut self, at: u32) {
        assert_eq!(at, self.end);
        self.depth = self.depth.checked_sub(1).expect("a container ends that never began");
    }

    fn open(&mut self, buffer: &Buffer<'_>) {
        self.outer.push((self.end, buffer.octets.len() as u32));
        self.end = 0;
    }

    fn close(&mut self) {
        let (end, length) = self.outer.pop().expect("a buffer closes that was never opened");
        assert_eq!(self.end, length, "the fields do not reach the end of a second buffer");
        self.end = end;
    }

    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem.kind.code());
    }

    /// `1-0:1.7.0.255 280 W frame`, and ` at 2024-02-29T12:00:00` where the value has a time of its own.
    fn reading(&mut self, reading: &Reading<'_>) {
        assert!(reading.span.end <= self.end, "a reading of octets that are not reported yet");
        let value = match reading.value {
            Value::Absent => "absent".to_string(),
            Value::Text(text) => text.to_string(),
            Value::Time(time) => time.to_string(),
            Value::Octets(octets) => format!("{octets:02X?}"),
            _ => reading.value.number().map_or("none".to_string(), |number| number.to_string()),
        };
        let name = reading.obis.map_or(String::new(), |obis| obis.to_string());
        let (unit, source) = (reading.unit.symbol(), reading.scale.source.name());
        let captured = reading.captured().map_or(String::new(), |time| format!(" at {time}"));
        self.readings.push(format!("{name} {value} {unit} {source}{captured}").replace("  ", " "));
    }
}

/// Pseudo-random octets, the same in every run (xorshift).
pub(crate) struct Random(pub u32);

impl Random {
    pub fn octet(&mut self) -> u8 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 >> 24) as u8
    }
}
