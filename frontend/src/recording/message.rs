//! What the page and the worker that writes tell each other. The first message is the page's own module, for the worker's
//! boot script; all others are arrays that begin with a name.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::id::Id;
use super::javascript::count;
use super::numbers::float;
use super::queue::Batch;
use super::quota::Shortage;

/// From the page to the worker.
#[derive(Debug)]
pub enum Command {
    /// A recording begins.
    Begin(Id),
    /// Blocks to be added.
    Append(Batch),
    /// [`Answer::Time`] is wanted after so many milliseconds.
    Remind(u32),
    /// What there is so far is to be closed for a reader; what follows goes into another part.
    Part,
    /// The person has all that there is so far elsewhere.
    NoteSaved,
    /// There is nothing to follow.
    Finish,
}

/// From the worker to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The time that was asked for has passed.
    Time,
    /// So much is safe.
    Saved(Progress),
    /// So many parts are closed for a reader, and lie in this place.
    Parted(Place, u32),
    /// It is noted that the person has the first so many octets elsewhere.
    NotedSaved(u64),
    /// All is written, and the worker can go.
    Finished(Place),
    /// Whether the storage gets full.
    Room(Option<Shortage>),
    /// Nothing can be written for now, or any more.
    Failed(Fault),
}

/// How much of a recording is safe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Octets of the line.
    pub line_octets: u64,
    /// Octets of the file.
    pub file_octets: u64,
    /// How many of them there are up to the last that tells of the line: behind it are only words about the port.
    pub heard_end: u64,
}

/// Where a recording lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the origin's private file system.
    Files,
    /// In `IndexedDB`, where there are no such files.
    Database,
}

/// Why nothing can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The storage is full. It is tried again for a while.
    Full,
    /// The browser refuses. It is tried again for a while.
    Refused,
    /// It was tried for too long: nothing is recorded any more.
    Stopped,
    /// The recording has ended, and so many octets of the line before its end could not be written.
    Lost(u64),
    /// The browser has no way to record.
    Unavailable,
}

impl Command {
    /// Posts it; the octets are handed over, not copied.
    pub fn post(self, worker: &web_sys::Worker) -> Result<(), JsValue> {
        match self {
            Self::Begin(Id(id)) => worker.post_message(&named("begin", &[float(id)])),
            Self::Append(batch) => {
                let octets = Uint8Array::from(batch.octets.as_slice());
                let message = named("append", &[float(batch.line_octets)]);
                message.push(&JsValue::from_bool(batch.heard));
                message.push(&octets);
                worker.post_message_with_transfer(&message, &Array::of1(&octets.buffer()))
            }
            Self::Remind(ms) => worker.post_message(&named("remind", &[f64::from(ms)])),
            Self::Part => worker.post_message(&named("part", &[])),
            Self::NoteSaved => worker.post_message(&named("note-saved", &[])),
            Self::Finish => worker.post_message(&named("finish", &[])),
        }
    }

    /// Reads it.
    pub fn read(message: &JsValue) -> Option<Self> {
        let message = message.dyn_ref::<Array>()?;
        Some(match message.get(0).as_string()?.as_str() {
            "begin" => Self::Begin(Id(count(&message.get(1))?)),
            "append" => Self::Append(Batch {
                line_octets: count(&message.get(1))?,
                heard: message.get(2).as_bool()?,
                octets: message.get(3).dyn_into::<Uint8Array>().ok()?.to_vec(),
            }),
            "remind" => Self::Remind(count(&message.get(1))? as u32),
            "part" => Self::Part,
            "note-saved" => Self::NoteSaved,
            "finish" => Self::Finish,
            _ => return None,
        })
    }
}

impl Answer {
    /// Writes it.
    pub fn to_message(self) -> Array {
        match self {
            Self::Time => named("time", &[]),
            Self::Saved(Progress { line_octets, file_octets, heard_end }) => {
                named("saved", &[float(line_octets), float(file_octets), float(heard_end)])
            }
            Self::Parted(place, parts) => named("parted", &[place.code(), f64::from(parts)]),
            Self::NotedSaved(octets) => named("noted-saved", &[float(octets)]),
            Self::Finished(place) => named("finished", &[place.code()]),
            Self::Room(None) => named("room", &[]),
            Self::Room(Some(Shortage::Hours(hours))) => named("hours", &[f64::from(hours)]),
            Self::Room(Some(Shortage::Percent(percent))) => named("percent", &[f64::from(percent)]),
            Self::Failed(fault) => {
                let octets = if let Fault::Lost(octets) = fault { octets } else { 0 };
                named("failed", &[fault.code(), float(octets)])
            }
        }
    }

    /// Reads it.
    pub fn read(message: &JsValue) -> Option<Self> {
        let message = message.dyn_ref::<Array>()?;
        let number = |at| count(&message.get(at));
        Some(match message.get(0).as_string()?.as_str() {
            "time" => Self::Time,
            "saved" => Self::Saved(Progress {
                line_octets: number(1)?,
                file_octets: number(2)?,
                heard_end: number(3)?,
            }),
            "parted" => Self::Parted(Place::of_code(number(1)?), number(2)? as u32),
            "noted-saved" => Self::NotedSaved(number(1)?),
            "finished" => Self::Finished(Place::of_code(number(1)?)),
            "room" => Self::Room(None),
            "hours" => Self::Room(Some(Shortage::Hours(number(1)? as u32))),
            "percent" => Self::Room(Some(Shortage::Percent(number(1)? as u32))),
            "failed" => Self::Failed(Fault::of_code(number(1)?, number(2)?)),
            _ => return None,
        })
    }
}

impl Place {
    const fn code(self) -> f64 {
        match self {
            Self::Files => 0.0,
            Self::Database => 1.0,
        }
    }

    const fn of_code(code: u64) -> Self {
        if code == 0 { Self::Files } else { Self::Database }
    }
}

impl Fault {
    const fn code(self) -> f64 {
        match self {
            Self::Full => 0.0,
            Self::Refused => 1.0,
            Self::Stopped => 2.0,
            Self::Unavailable => 3.0,
            Self::Lost(_) => 4.0,
        }
    }

    const fn of_code(code: u64, octets: u64) -> Self {
        match code {
            0 => Self::Full,
            1 => Self::Refused,
            2 => Self::Stopped,
            4 => Self::Lost(octets),
            _ => Self::Unavailable,
        }
    }
}

fn named(name: &str, numbers: &[f64]) -> Array {
    let message = Array::of1(&name.into());
    for &number in numbers {
        message.push(&number.into());
    }
    message
}
