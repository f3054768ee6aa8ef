//! All that the page shows, and how it changes. Nothing here knows a browser.

use std::rc::Rc;

use meterscope_capture::overrides::Overrides;
use meterscope_capture::verdict::without_line_feeds;
use meterscope_capture::{Imported, Repairs};
use meterscope_decoder::span::Span;

use crate::annotation::{Place, Row, Tree};
use crate::input::{self, InputProblem, InputProblemKind, Origin, Preview, Report};
use crate::keys::{KeyFit, Keys, NamedKey};
use crate::session::{IndexedItem, ItemKind, SenderName, Session};
use crate::text::{Language, NumberStyle, Text};

/// All that the page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The language, and how it writes numbers.
    pub text: Text,
    /// Dark or light, where the person has chosen; else what the system says.
    pub theme: Option<Theme>,
    /// The capture; none on the start page.
    pub session: Option<Shared<Session>>,
    /// What the capture was taken for.
    pub report: Option<Report>,
    /// Why the last input could not be read.
    pub problem: Option<InputProblem>,
    /// The paste dialog.
    pub paste: Paste,
    /// An input that is shown before it is decoded.
    pub preview: Option<Preview>,
    /// The person's corrections, and the file they came from.
    pub overrides: Option<(String, Rc<Overrides>)>,
    /// The keys.
    pub keys: Keys,
    /// How each of them fits the ciphered messages.
    pub fits: Rc<Vec<KeyFit>>,
    /// The key dialog.
    pub key_dialog: KeyDialog,
    /// Which items are listed.
    pub filter: Filter,
    /// Which part a narrow screen shows.
    pub tab: Tab,
    /// The selected item.
    pub item: Option<usize>,
    /// Its fields.
    pub tree: Rc<Tree>,
    /// The containers whose rows are hidden, in their order.
    pub collapsed: Rc<Vec<usize>>,
    /// The rows of the tree that are shown.
    pub visible_rows: Rc<Vec<usize>>,
    /// The buffer whose octets are shown, a place in [`Tree::buffers`].
    pub buffer: usize,
    /// The selected field and octet of that buffer.
    pub selection: Option<Selection>,
    /// What was just copied, and a number that differs from one copy to the next.
    pub copied: Option<(Copied, u32)>,
}

/// A value that is shared and is the same only if it is the same one.
#[derive(Debug)]
pub struct Shared<T>(pub Rc<T>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The colours of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// The paste dialog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paste {
    /// Whether it is open.
    pub open: bool,
    /// The text in it.
    pub text: String,
}

/// The key dialog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyDialog {
    /// Whether it is open.
    pub open: bool,
    /// For whom a key is to be added.
    pub sender: Option<SenderName>,
    /// How often it was opened; a form that was left is not taken up again.
    pub opened: u32,
}

/// Which items are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Those that something is wrong with.
    Bad,
}

/// The parts of which a narrow screen shows one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The value cards.
    Values,
    /// The frame list.
    #[default]
    Frames,
    /// The field tree.
    Fields,
    /// The hex view.
    Octets,
}

/// One place in a frame, seen from the tree and from the octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The row of the tree.
    pub row: usize,
    /// The octet that the keyboard stands on, counted from the start of the buffer that is shown.
    pub octet: u32,
}

/// What can be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// The selected field as text.
    FieldText,
    /// The octets of the selected field.
    FieldHex,
    /// The octets of the frame.
    FrameHex,
    /// Nothing: the browser did not allow it.
    Failed,
}

/// A step of the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The row above.
    Up,
    /// The row below.
    Down,
    /// The octet before, or the container.
    Left,
    /// The octet behind, or the first row within.
    Right,
    /// So many rows up.
    PageUp(usize),
    /// So many rows down.
    PageDown(usize),
    /// The first octet of the line.
    LineStart,
    /// The last octet of the line.
    LineEnd,
    /// The first of all.
    First,
    /// The last of all.
    Last,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The person, or the browser, chose a language.
    SetLanguage(Language, NumberStyle),
    /// The person chose colours.
    SetTheme(Theme),
    /// An input arrived.
    Import(Origin, Rc<[u8]>),
    /// The browser could not read a file.
    Unreadable(String),
    /// What is to be repaired in the previewed input.
    Repair(Repairs),
    /// The previewed input shall be decoded.
    Decode,
    /// The previewed input shall be forgotten.
    CancelPreview,
    /// A file of overrides, and what stands in it.
    LoadOverrides(String, Rc<[u8]>),
    /// Readings shall be shown as the meter and its lists have them.
    RemoveOverrides,
    /// The message about the last input was read.
    DismissProblem,
    /// The paste dialog shall open.
    OpenPaste,
    /// The paste dialog was closed.
    ClosePaste,
    /// The text in the paste dialog changed.
    EditPaste(String),
    /// Other items shall be listed.
    SetFilter(Filter),
    /// A narrow screen shall show another part.
    SetTab(Tab),
    /// An item was chosen to be looked into.
    OpenItem(usize),
    /// A step in the frame list.
    MoveItem(Move),
    /// A row of the tree was chosen.
    SelectRow(usize),
    /// A container shall show or hide its rows.
    ToggleRow(usize),
    /// A step in the tree.
    MoveRow(Move),
    /// An octet of a buffer was chosen.
    SelectOctet(usize, u32),
    /// Another buffer shall be shown.
    ShowBuffer(usize),
    /// The place that an octet of the shown buffer came from shall be shown.
    ShowPlace(Place),
    /// A step in the octets, which stand so many in a line.
    MoveOctet(Move, u32),
    /// A reading of an item shall be shown where it comes from: a stretch of a buffer.
    ShowReading(usize, usize, Span),
    /// The CR in front of every LF shall be taken out.
    UndoLineFeeds,
    /// The key dialog shall open, perhaps to add a key for a sender.
    OpenKeys(Option<SenderName>),
    /// The key dialog was closed.
    CloseKeys,
    /// A key was given.
    AddKey(Shared<NamedKey>),
    /// A key shall be called otherwise.
    RenameKey(u32, String),
    /// A key shall be forgotten.
    RemoveKey(u32),
    /// Encryption and authentication key shall change places.
    SwapKey(u32),
    /// Keys shall outlive the page, or not any more.
    RememberKeys(bool),
    /// Something was copied.
    Copied(Copied),
}

impl State {
    /// What the page shows after `action`.
    #[must_use]
    pub fn reduce(mut self, action: Action) -> Self {
        match action {
            Action::SetLanguage(language, numbers) => self.text = Text { language, numbers },
            Action::SetTheme(theme) => self.theme = Some(theme),
            Action::Import(origin, content) => self.import(origin, content),
            Action::Unreadable(name) => {
                self.problem =
                    Some(InputProblem { origin: Origin::File(name), kind: InputProblemKind::Unreadable });
            }
            Action::Repair(repairs) => {
                if let Some(preview) = &mut self.preview {
                    preview.repair(repairs);
                }
            }
            Action::Decode => {
                if let Some(Preview { origin, imported, .. }) =
                    self.preview.take_if(|preview| !preview.imported.octets.is_empty())
                {
                    self.take(origin, imported);
                }
            }
            Action::CancelPreview => {
                if let Some(preview) = self.preview.take() {
                    self.paste.open = preview.from_dialog;
                }
            }
            Action::LoadOverrides(name, content) => self.load_overrides(name, &content),
            Action::RemoveOverrides => {
                self.overrides = None;
                self.read_again();
            }
            Action::DismissProblem => self.problem = None,
            Action::OpenPaste => self.paste.open = true,
            Action::ClosePaste => {
                self.paste.open = false;
                self.problem = None;
            }
            Action::EditPaste(text) => self.paste.text = text,
            Action::SetFilter(filter) => self.filter = filter,
            Action::SetTab(tab) => self.tab = tab,
            Action::OpenItem(item) => {
                self.select_item(item);
                self.tab = Tab::Fields;
            }
            Action::MoveItem(step) => self.move_item(step),
            Action::SelectRow(row) => self.select_row(row),
            Action::ToggleRow(row) => self.toggle_row(row),
            Action::MoveRow(step) => self.move_row(step),
            Action::SelectOctet(buffer, octet) => self.select_octet(buffer, octet),
            Action::ShowBuffer(buffer) => self.show_buffer(buffer),
            Action::ShowPlace(place) => self.show_place(place),
            Action::MoveOctet(step, width) => self.move_octet(step, width),
            Action::ShowReading(item, buffer, span) => self.show_reading(item, buffer, span),
            Action::UndoLineFeeds => self.undo_line_feeds(),
            Action::OpenKeys(sender) => {
                let opened = self.key_dialog.opened + 1;
                self.key_dialog = KeyDialog { open: true, sender, opened };
            }
            Action::CloseKeys => self.key_dialog.open = false,
            Action::AddKey(Shared(key)) => {
                self.keys.add(key);
                // The next key is for somebody else.
                self.key_dialog.sender = None;
                self.read_again();
            }
            Action::RenameKey(id, name) => self.keys.rename(id, &name),
            Action::RemoveKey(id) => {
                self.keys.remove(id);
                self.read_again();
            }
            Action::SwapKey(id) => {
                self.keys.swap(id);
                self.read_again();
            }
            Action::RememberKeys(remember) => self.keys.remembered = remember,
            Action::Copied(what) => {
                let number = self.copied.map_or(0, |(_, number)| number.wrapping_add(1));
                self.copied = Some((what, number));
            }
        }
        self
    }

    /// How many items are listed.
    pub fn listed(&self) -> usize {
        let Some(Shared(session)) = &self.session else { return 0 };
        match self.filter {
            Filter::All => session.items().len(),
            Filter::Bad => session.bad().len(),
        }
    }

    /// The number of the item in this place of the list.
    pub fn item_at(&self, position: usize) -> Option<usize> {
        let Shared(session) = self.session.as_ref()?;
        match self.filter {
            Filter::All => (position < session.items().len()).then_some(position),
            Filter::Bad => session.bad().get(position).map(|&item| item as usize),
        }
    }

    /// The place of the selected item in the list, or of the next one that is listed.
    pub fn position(&self) -> Option<usize> {
        let (Shared(session), item) = (self.session.as_ref()?, self.item?);
        match self.filter {
            Filter::All => Some(item),
            Filter::Bad => Some(session.bad().partition_point(|&bad| (bad as usize) < item)),
        }
    }

    /// The selected item.
    pub fn current(&self) -> Option<(&IndexedItem, &[u8])> {
        let (Shared(session), item) = (self.session.as_ref()?, self.item?);
        Some((session.items().get(item)?, session.octets_of(item)))
    }

    /// The place of the selected row among those shown.
    pub fn row_position(&self) -> Option<usize> {
        let row = self.selection?.row;
        self.visible_rows.binary_search(&row).ok()
    }

    /// The octets of the selected field.
    pub fn selected_octets(&self) -> Option<&[u8]> {
        let row = self.selection?.row;
        self.tree.rows.get(row).map(|_| self.tree.octets_of(row))
    }

    /// The octets of the buffer that is shown.
    pub fn shown_octets(&self) -> &[u8] {
        self.tree.buffers.get(self.buffer).map_or(&[], |buffer| &buffer.octets)
    }

    /// Where the selected octet came from, if the buffer that is shown is not the frame.
    pub fn place_of_selected(&self) -> Option<Place> {
        self.tree.buffers.get(self.buffer)?.place(self.selection?.octet)
    }

    /// Takes an input that is clean at once; any other is shown before anything is decoded.
    fn import(&mut self, origin: Origin, content: Rc<[u8]>) {
        let repairs = Repairs::default();
        match input::read(&origin, &content, repairs) {
            Ok(imported) if imported.is_complete() => self.take(origin, imported),
            Ok(imported) => {
                let frames = input::count_frames(&imported.octets);
                let from_dialog = std::mem::take(&mut self.paste.open);
                self.problem = None;
                self.preview = Some(Preview { origin, content, repairs, imported, frames, from_dialog });
            }
            Err(problem) => {
                // The text goes where it can be mended, from wherever it came.
                if let (InputProblemKind::BadHex(..), Some(text)) = (&problem.kind, input::mendable(&content))
                {
                    self.paste = Paste { open: true, text: text.to_owned() };
                }
                self.problem = Some(problem);
            }
        }
    }

    fn take(&mut self, origin: Origin, imported: Imported) {
        let mut forms = Vec::new();
        for part in &imported.parts {
            if !forms.contains(&part.form) {
                forms.push(part.form);
            }
        }
        let Imported { octets, left_out, repaired, .. } = imported;
        let session = Session::with(octets, self.keys.for_session(), self.rules());
        self.show(session, Some(Report { origin, forms, repaired, left_out }));
    }

    fn rules(&self) -> Rc<Overrides> {
        self.overrides.as_ref().map(|(_, rules)| Rc::clone(rules)).unwrap_or_default()
    }

    fn load_overrides(&mut self, name: String, content: &[u8]) {
        match Overrides::parse(&String::from_utf8_lossy(content)) {
            Ok(rules) => {
                self.problem = None;
                self.overrides = Some((name, Rc::new(rules)));
                self.read_again();
            }
            Err(error) => {
                let kind = InputProblemKind::Overrides(error);
                self.problem = Some(InputProblem { origin: Origin::File(name), kind });
            }
        }
    }

    /// Shows another capture.
    fn show(&mut self, session: Session, report: Option<Report>) {
        let first = session.first_of_interest();
        *self = Self {
            text: self.text,
            theme: self.theme,
            keys: std::mem::take(&mut self.keys),
            overrides: self.overrides.take(),
            key_dialog: KeyDialog { open: false, sender: None, ..self.key_dialog },
            session: Some(Shared(Rc::new(session))),
            report,
            ..Self::default()
        };
        self.refresh_fits();
        if let Some(item) = first {
            self.select_item(item);
        }
        // A single frame needs no list.
        if self.listed() == 1 {
            self.tab = Tab::Fields;
        }
    }

    fn undo_line_feeds(&mut self) {
        let Some(Shared(session)) = &self.session else { return };
        let Some(octets) = without_line_feeds(session.octets()) else { return };
        let undone = session.octets().len() - octets.len();
        let report = self.report.take().map(|mut report| {
            report.repaired.crlf_undone += undone;
            report
        });
        let session = Session::with(octets, self.keys.for_session(), self.rules());
        self.show(session, report);
    }

    /// Reads the capture once more, with the keys and overrides as they are now.
    fn read_again(&mut self) {
        let Some(Shared(session)) = &self.session else { return };
        let session = session.again(self.keys.for_session(), self.rules());
        self.session = Some(Shared(Rc::new(session)));
        self.refresh_fits();
        if let Some(item) = self.item {
            self.select_item(item);
        }
    }

    fn refresh_fits(&mut self) {
        let Some(Shared(session)) = &self.session else { return };
        self.fits = Rc::new(self.keys.iter().map(|key| KeyFit::of(key, session)).collect());
    }

    fn select_item(&mut self, item: usize) {
        let Some(Shared(session)) = &self.session else { return };
        let Some(entry) = session.items().get(item) else { return };
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

    fn show_buffer(&mut self, buffer: usize) {
        if let Some(row) = self.tree.row_of_buffer(buffer) {
            self.reveal(row);
            self.select_row(row);
        }
    }

    fn show_place(&mut self, place: Place) {
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

    fn show_reading(&mut self, item: usize, buffer: usize, span: Span) {
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

    fn move_item(&mut self, step: Move) {
        let Some(target) = target(self.position(), self.listed(), step) else { return };
        if let Some(item) = self.item_at(target) {
            self.select_item(item);
        }
    }

    fn select_row(&mut self, row: usize) {
        if let Some((octet, buffer)) = self.tree.rows.get(row).map(|row| (row.span.start, row.buffer)) {
            self.selection = Some(Selection { row, octet });
            self.buffer = buffer;
        }
    }

    fn select_octet(&mut self, buffer: usize, octet: u32) {
        let Some(row) = self.tree.leaf_at(buffer, octet) else { return };
        self.buffer = buffer;
        self.selection = Some(Selection { row, octet });
        self.reveal(row);
    }

    /// Opens the containers that hide a row.
    fn reveal(&mut self, row: usize) {
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

    fn toggle_row(&mut self, row: usize) {
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

    fn move_row(&mut self, step: Move) {
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

    fn move_octet(&mut self, step: Move, width: u32) {
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

    fn refresh_rows(&mut self) {
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

#[cfg(test)]
mod tests;
