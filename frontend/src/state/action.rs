//! All that can happen to the page.

use std::rc::Rc;

use meterscope_capture::Repairs;
use meterscope_decoder::span::Span;

use super::{BoardAction, Copied, ExportForm, Filter, Move, ReplayAction, Shared, Tab, Theme};
use crate::annotation::Place;
use crate::input::Origin;
use crate::keys::NamedKey;
use crate::recording::News;
use crate::session::SenderName;
use crate::source::{Event, Micros};
use crate::text::{Language, NumberStyle};

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
    /// The board shall be left for the input that waits, or not.
    Leave(bool),
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
    /// What a source reported, in order; the first of a new connection starts a capture of its own.
    Source(Rc<[Event]>),
    /// Something was heard of recordings.
    Recording(News),
    /// Something about the board.
    Board(BoardAction),
    /// What is shown shall stand still, while the source and its recording go on; or move again.
    Pause(bool),
    /// Something about a replay.
    Replay(ReplayAction),
    /// What time it is, once a second while a source is watched.
    Tick(Micros),
    /// The newest message shall be selected as it comes.
    Follow,
    /// The export dialog opened, closed, or was filled in otherwise.
    SetExport(ExportForm),
    /// Something was copied.
    Copied(Copied),
}
