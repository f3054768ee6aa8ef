//! How much of a capture: its items with what is chosen of them, and the stretches of octets that this comes to.

use std::ops::Range;

use meterscope_decoder::items::Items;

use super::{Export, Extent, Found};

/// The items of a capture, each with whether it is chosen.
pub(super) struct Chosen<'a> {
    export: &'a Export<'a>,
    items: Items<'a>,
    offset: usize,
}

impl<'a> Chosen<'a> {
    pub(super) fn new(export: &'a Export<'a>) -> Self {
        Self { export, items: Items::new(&export.capture.octets), offset: 0 }
    }
}

impl<'a> Iterator for Chosen<'a> {
    type Item = Found<'a>;

    fn next(&mut self) -> Option<Found<'a>> {
        let item = self.items.next()?;
        let offset = self.offset;
        self.offset += item.octets().len();
        let stamp = self.export.capture.stamp_at(offset);
        let is_chosen = match self.export.extent {
            Extent::All => true,
            Extent::Octets(octets) => octets.contains(&offset),
            Extent::Times(times) => {
                let time = stamp.and_then(|stamp| stamp.time);
                let time = time.and_then(|time| time.unix_nanoseconds(self.export.zone_minutes));
                time.is_some_and(|time| times.contains(&time))
            }
        };
        Some(Found { offset, item, stamp, is_chosen })
    }
}

/// The chosen octets, in stretches that do not touch.
pub(super) fn stretches(export: &Export<'_>) -> Vec<Range<usize>> {
    let mut stretches: Vec<Range<usize>> = Vec::new();
    if *export.extent == Extent::All {
        stretches.push(0..export.capture.octets.len());
        return stretches;
    }
    for Found { offset, item, is_chosen, .. } in Chosen::new(export) {
        let end = offset + item.octets().len();
        match stretches.last_mut() {
            _ if !is_chosen => {}
            Some(last) if last.end == offset => last.end = end,
            _ => stretches.push(offset..end),
        }
    }
    stretches
}
