//! All that the page shows, and how it changes. Nothing here knows a browser.

mod action;
mod capture;
mod connection;
pub mod file_events;
mod live;
mod plot;
mod recording;
mod replay;
mod selection;

pub use action::Action;
pub use connection::{
    Board, BoardAction, Happening, HappeningKind, MOST_HAPPENINGS, SPEEDS, TuningChoice, speed_of,
};
pub use live::Live;
pub use plot::{Cursor, Plot, PlotAction};
pub use recording::Recording;
pub use replay::ReplayAction;

use std::rc::Rc;

use meterscope_capture::Imported;
use meterscope_capture::overrides::Overrides;

use crate::annotation::{Place, Tree};
use crate::export::{ExportForm, Recorded};
use crate::input::{InputProblem, Origin, Preview, Report};
use crate::keys::{KeyFit, Keys};
use crate::session::{IndexedItem, SenderName, Session};
use crate::source::replay::Replay;
use crate::text::Text;

/// All that the page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The language, and how it writes numbers.
    pub text: Text,
    /// Dark or light, where the person has chosen; else what the system says.
    pub theme: Option<Theme>,
    /// The capture; none on the start page.
    pub session: Option<Shared<Session>>,
    /// How many captures were opened, and sources connected.
    pub opened: u32,
    /// What the capture was taken for.
    pub report: Option<Report>,
    /// Why the last input could not be read.
    pub problem: Option<InputProblem>,
    /// The paste dialog.
    pub paste: Paste,
    /// An input that waits for the person's word, because it would end what is live.
    pub leaving: Option<Shared<(Origin, Imported)>>,
    /// An input that is shown before it is decoded.
    pub preview: Option<Preview>,
    /// The person's corrections, and the file they came from.
    pub overrides: Option<(String, Rc<Overrides>)>,
    /// The keys.
    pub keys: Keys,
    /// How each of them fits the ciphered messages.
    pub fits: Rc<Vec<KeyFit>>,
    /// The source that the page watches.
    pub live: Option<Live>,
    /// The recording of it, and those that earlier visits left.
    pub recording: Recording,
    /// The board, and the dialog that connects it.
    pub board: Board,
    /// What the file of the capture tells beside its octets.
    pub recorded: Option<Shared<Recorded>>,
    /// The export dialog.
    pub export: ExportForm,
    /// A capture with times can be played again.
    pub replay: Option<Replay>,
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
    /// The plot.
    Plots,
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

impl State {
    /// What the page shows after `action`.
    #[must_use]
    pub fn reduce(mut self, action: Action) -> Self {
        match action {
            Action::SetLanguage(language, numbers) => self.text = Text { language, numbers },
            Action::SetTheme(theme) => self.theme = Some(theme),
            Action::Import(origin, content) => self.import(origin, content),
            Action::Unreadable(name) => self.unreadable(name),
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
            Action::Leave(leaves) => self.leave(leaves),
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
                self.stop_following();
                self.select_item(item);
                self.tab = Tab::Fields;
            }
            Action::MoveItem(step) => {
                self.stop_following();
                self.move_item(step);
            }
            Action::SelectRow(row) => {
                self.stop_following();
                self.select_row(row);
            }
            Action::ToggleRow(row) => self.toggle_row(row),
            Action::MoveRow(step) => self.move_row(step),
            Action::SelectOctet(buffer, octet) => {
                self.stop_following();
                self.select_octet(buffer, octet);
            }
            Action::ShowBuffer(buffer) => self.show_buffer(buffer),
            Action::ShowPlace(place) => self.show_place(place),
            Action::MoveOctet(step, width) => self.move_octet(step, width),
            Action::ShowReading(item, buffer, span) => {
                self.stop_following();
                self.show_reading(item, buffer, span);
            }
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
            Action::Source(events) => self.take_in(&events),
            Action::Board(action) => self.board.reduce(action),
            Action::Recording(news) => self.recording.hear(news),
            Action::Pause(paused) => self.pause(paused),
            Action::Replay(action) => self.replay(action),
            Action::Tick(now) => self.tick(now),
            Action::Follow => self.follow_newest(),
            Action::SetExport(form) => self.export = form,
            Action::Copied(what) => {
                let number = self.copied.map_or(0, |(_, number)| number.wrapping_add(1));
                self.copied = Some((what, number));
            }
        }
        self
    }

    /// All that was read, also what a view that stands still does not show.
    pub fn whole(&self) -> Option<&Shared<Session>> {
        self.live.as_ref().map(|live| &live.head).or(self.session.as_ref())
    }

    /// How many items are listed.
    pub fn listed(&self) -> usize {
        let Some(Shared(session)) = &self.session else { return 0 };
        match self.filter {
            Filter::All => session.item_count(),
            Filter::Bad => session.bad_count(),
        }
    }

    /// The number of the item in this place of the list.
    pub fn item_at(&self, position: usize) -> Option<usize> {
        let Shared(session) = self.session.as_ref()?;
        match self.filter {
            Filter::All => Some(session.first_item() + position).filter(|&item| item < session.end_item()),
            Filter::Bad => session.bad_at(position),
        }
    }

    /// The place of the selected item in the list, or of the next one that is listed.
    pub fn position(&self) -> Option<usize> {
        let (Shared(session), item) = (self.session.as_ref()?, self.item?);
        match self.filter {
            Filter::All => item.checked_sub(session.first_item()),
            Filter::Bad => Some(session.bad_before(item)),
        }
    }

    /// The selected item.
    pub fn current(&self) -> Option<(&IndexedItem, &[u8])> {
        let (Shared(session), item) = (self.session.as_ref()?, self.item?);
        Some((session.item(item)?, session.octets_of(item)))
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
}

#[cfg(test)]
mod tests;
