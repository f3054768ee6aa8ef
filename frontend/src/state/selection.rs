//! The one selection: which item, buffer, row and octet, and how it moves.

use std::rc::Rc;

use meterscope_decoder::span::Span;

use super::{Move, Selection, Shared, State, Tab};
use crate::annotation::{Place, Row, Tree};
use crate::session::ItemKind;

impl State {
    pub(super) fn select_item(&mut self, item: usize) {
        let Some(Shared(session)) = &self.session else { return };
        let Some(entry) = session.item(item) else { return };
        let first_bad = match entry.kind {
            ItemKind::Damaged(_) => entry.problem.map(|problem| problem.at),
            _ => None,
        };
        self.tree = Rc::new(Tree::of(session, item));
        self.item = Some(item);
        self.collapsed = Rc::default();
        self.selection = None;
        self.buffer = 0;
        self.refresh_rows();
        if let Some(octet) = first_bad {
            self.select_octet(0, octet);
        }
    }

    pub(super) fn show_buffer(&mut self, buffer: usize) {
        if let Some(row) = self.tree.row_of_buffer(buffer) {
            self.reveal(row);
            self.select_row(row);
        }
    }

    pub(super) fn show_place(&mut self, place: Place) {
        let (Some(Shared(session)), Some(item)) = (&self.session, self.item) else { return };
        match place {
            Place::Buffer(buffer, octet) => self.select_octet(buffer, octet),
            Place::Frame(number, octet) => {
                let Some(&target) = session.items_of_message(item).get(number) else { return };
                if target != item {
                    self.select_item(target);
                }
                match octet {
                    Some(octet) => self.select_octet(0, octet),
                    None => self.show_buffer(0),
                }
            }
        }
    }

    pub(super) fn show_reading(&mut self, item: usize, buffer: usize, span: Span) {
        self.select_item(item);
        self.tab = Tab::Fields;
        let has_reading = |row: &Row| {
            let reading = row.reading.and_then(|number| self.tree.readings.get(number));
            reading.is_some_and(|reading| reading.buffer == buffer && reading.span == span)
        };
        match self.tree.rows.iter().position(has_reading) {
            Some(row) => self.select_row(row),
            None => self.select_octet(buffer, span.start),
        }
    }

    pub(super) fn move_item(&mut self, step: Move) {
        let Some(target) = target(self.position(), self.listed(), step) else { return };
        if let Some(item) = self.item_at(target) {
            self.select_item(item);
        }
    }

    pub(super) fn select_row(&mut self, row: usize) {
        if let Some((octet, buffer)) = self.tree.rows.get(row).map(|row| (row.span.start, row.buffer)) {
            self.selection = Some(Selection { row, octet });
            self.buffer = buffer;
        }
    }

    pub(super) fn select_octet(&mut self, buffer: usize, octet: u32) {
        let Some(row) = self.tree.leaf_at(buffer, octet) else { return };
        self.buffer = buffer;
        self.selection = Some(Selection { row, octet });
        self.reveal(row);
    }

    /// Opens the containers that hide a row.
    pub(super) fn reveal(&mut self, row: usize) {
        let mut parent = self.tree.rows.get(row).and_then(|row| row.parent);
        let mut hidden = false;
        while let Some(container) = parent {
            hidden |= self.is_collapsed(container);
            if hidden {
                Rc::make_mut(&mut self.collapsed).retain(|&row| row != container);
            }
            parent = self.tree.rows.get(container).and_then(|row| row.parent);
        }
        if hidden {
            self.refresh_rows();
        }
    }

    pub(super) fn toggle_row(&mut self, row: usize) {
        if !self.tree.is_container(row) {
            return;
        }
        let collapsed = Rc::make_mut(&mut self.collapsed);
        match collapsed.binary_search(&row) {
            Ok(place) => drop(collapsed.remove(place)),
            Err(place) => collapsed.insert(place, row),
        }
        self.refresh_rows();
        // What is hidden cannot stay selected; its container takes over.
        if self.selection.is_some() && self.row_position().is_none() {
            self.select_row(row);
        }
    }

    pub(super) fn move_row(&mut self, step: Move) {
        let current = self.selection.map(|selection| selection.row);
        match (step, current) {
            (Move::Left, Some(row)) => {
                if self.tree.is_container(row) && !self.is_collapsed(row) {
                    self.toggle_row(row);
                } else if let Some(parent) = self.tree.rows.get(row).and_then(|row| row.parent) {
                    self.select_row(parent);
                }
            }
            (Move::Right, Some(row)) => {
                if self.is_collapsed(row) {
                    self.toggle_row(row);
                } else if self.tree.is_container(row) {
                    self.move_row(Move::Down);
                }
            }
            _ => {
                let target = target(self.row_position(), self.visible_rows.len(), step);
                if let Some(&row) = target.and_then(|target| self.visible_rows.get(target)) {
                    self.select_row(row);
                }
            }
        }
    }

    pub(super) fn move_octet(&mut self, step: Move, width: u32) {
        let (length, buffer) = (self.shown_octets().len(), self.buffer);
        let (Some(last), width) = ((length as u32).checked_sub(1), width.max(1)) else { return };
        let Some(at) = self.selection.map(|selection| selection.octet) else {
            return self.select_octet(buffer, if step == Move::Last { last } else { 0 });
        };
        let rows = |rows: usize| (rows as u32).saturating_mul(width);
        let up = |by: u32| at.checked_sub(by).unwrap_or(at % width);
        let down = |by: u32| match at.checked_add(by) {
            Some(to) if to <= last => to,
            // Straight down to the last line that reaches this far.
            _ => at + (last - at) / width * width,
        };
        let to = match step {
            Move::Left => at.saturating_sub(1),
            Move::Right => (at + 1).min(last),
            Move::Up => up(width),
            Move::Down => down(width),
            Move::PageUp(page) => up(rows(page)),
            Move::PageDown(page) => down(rows(page)),
            Move::LineStart => at - at % width,
            Move::LineEnd => (at - at % width + width - 1).min(last),
            Move::First => 0,
            Move::Last => last,
        };
        self.select_octet(buffer, to);
    }

    /// Whether the rows of a container are hidden.
    pub fn is_collapsed(&self, row: usize) -> bool {
        self.collapsed.binary_search(&row).is_ok()
    }

    pub(super) fn refresh_rows(&mut self) {
        let mut visible = Vec::with_capacity(self.tree.rows.len());
        let mut at = 0;
        while let Some(row) = self.tree.rows.get(at) {
            visible.push(at);
            at = if self.is_collapsed(at) { row.end } else { at + 1 };
        }
        self.visible_rows = Rc::new(visible);
    }
}

/// Where a step in a list of `count` rows leads.
fn target(position: Option<usize>, count: usize, step: Move) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let Some(at) = position else { return Some(if step == Move::Last { last } else { 0 }) };
    Some(match step {
        Move::Up => at.saturating_sub(1),
        Move::Down => (at + 1).min(last),
        Move::PageUp(page) => at.saturating_sub(page),
        Move::PageDown(page) => (at + page).min(last),
        Move::First | Move::LineStart => 0,
        Move::Last | Move::LineEnd => last,
        Move::Left | Move::Right => at.min(last),
    })
}
