//! The page's end of a recording.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event as ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::download;
use super::encoder::{Encoder, JOINED_MICROS};
use super::id::Id;
use super::javascript::{get, navigator, promised};
use super::message::{Answer, Command, Fault, Progress};
use super::news::News;
use super::shelf::Kept;
use crate::source::{Connection, Event, Micros, What, clock};

/// Names the script that starts the worker; the page's build writes it.
const BOOT_SELECTOR: &str = "meta[name=meterscope-recorder]";

/// When octets that wait for others are looked at again.
const LOOK_AGAIN_MILLIS: u32 = (JOINED_MICROS / 1000) as u32;

/// Records what a source reports, from its first opening until it is closed.
#[derive(Clone)]
pub struct Recorder(Rc<Inner>);

struct Inner {
    tell: Box<dyn Fn(News)>,
    /// The recording that is going on.
    current: RefCell<Option<Current>>,
    /// Recordings that were ended and whose worker has not said yet that all is written.
    ending: RefCell<Vec<Current>>,
    /// The last recording that was written to its end.
    finished: Cell<Option<Kept>>,
}

struct Current {
    id: Id,
    encoder: Encoder,
    /// Whether a look at octets that wait is due.
    looks_again: Cell<bool>,
    worker: Worker,
    progress: Rc<Cell<Progress>>,
    _listeners: [Closure<dyn Fn(JsValue)>; 2],
}

impl Recorder {
    /// A recorder that tells how it goes.
    pub fn new(tell: impl Fn(News) + 'static) -> Self {
        Self(Rc::new(Inner {
            tell: Box::new(tell),
            current: RefCell::default(),
            ending: RefCell::default(),
            finished: Cell::default(),
        }))
    }

    /// Records what happened. [`Connection::Opening`] begins a recording where none is going on, and
    /// [`Connection::Closed`] or [`Connection::Failed`] ends it.
    pub fn append(&self, events: &[Event]) {
        for event in events {
            let has_begun = self.0.current.borrow().is_some();
            if !has_begun && matches!(event.what, What::Connection(Connection::Opening(_))) {
                self.begin(Id::beginning(event.at));
            }
            if let Some(current) = &mut *self.0.current.borrow_mut() {
                current.encoder.write(event);
            }
            if matches!(event.what, What::Connection(Connection::Closed | Connection::Failed(_))) {
                self.finish();
            }
        }
        self.post();
    }

    /// Ends the recording. What there is of it stays until a person saves or discards it.
    pub fn finish(&self) {
        self.post_all();
        if let Some(current) = self.0.current.take() {
            let posted = Command::Finish.post(&current.worker);
            self.0.ending.borrow_mut().push(current);
            if posted.is_err() {
                self.0.tell(News::Failed(Fault::Unavailable));
            }
        }
    }

    /// Gives the person the recording of this page as a file, as far as it goes.
    pub fn save(&self) {
        self.post_all();
        let posted = self.0.current.borrow().as_ref().map(|current| Command::Part.post(&current.worker));
        match (posted, self.0.finished.get()) {
            (Some(_), _) => {}
            (None, Some(kept)) => self.0.give(kept, None),
            (None, None) => {}
        }
    }

    /// Notes that the person has all of the recording of this page, as far as it goes, in another file.
    pub fn note_saved(&self) {
        self.post_all();
        let posted = self.0.current.borrow().as_ref().map(|current| Command::NoteSaved.post(&current.worker));
        let (None, Some(kept)) = (posted, self.0.finished.get()) else { return };
        let inner = Rc::clone(&self.0);
        spawn_local(async move {
            // What is not noted is offered on the next visit, and that is all.
            if kept.note_saved(kept.octets).await.is_ok() {
                inner.tell(News::SavedElsewhere(kept.id, kept.octets));
            }
        });
    }

    /// Hands on what is complete, and looks again when the rest is.
    fn post(&self) {
        let posted =
            self.0.current.borrow_mut().as_mut().map_or(Ok(()), |current| current.post(clock::now()));
        if posted.is_err() {
            self.0.tell(News::Failed(Fault::Unavailable));
        }
    }

    /// Hands on all there is.
    fn post_all(&self) {
        if let Some(current) = &mut *self.0.current.borrow_mut() {
            current.encoder.close();
        }
        self.post();
    }

    fn begin(&self, id: Id) {
        match Current::start(&self.0, id) {
            Ok(current) => {
                self.0.current.replace(Some(current));
                self.0.finished.set(None);
                self.0.tell(News::Began(id));
                spawn_local(ask_to_persist());
            }
            Err(_) => self.0.tell(News::Failed(Fault::Unavailable)),
        }
    }
}

impl Current {
    fn start(inner: &Rc<Inner>, id: Id) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&boot_script().ok_or(JsValue::UNDEFINED)?, &options)?;
        let progress = Rc::new(Cell::new(Progress::default()));
        let onmessage = {
            let (inner, progress) = (Rc::clone(inner), Rc::clone(&progress));
            Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
                let answer = event.dyn_ref::<MessageEvent>().and_then(|it| Answer::read(&it.data()));
                if let Some(answer) = answer {
                    if let Answer::Saved(saved) = answer {
                        progress.set(saved);
                    }
                    inner.hear(id, answer, progress.get());
                }
            })
        };
        let onerror = {
            let inner = Rc::clone(inner);
            Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
                if let Some(event) = event.dyn_ref::<ErrorEvent>() {
                    // It is told to the person instead of the console.
                    event.prevent_default();
                }
                inner.tell(News::Failed(Fault::Unavailable));
            })
        };
        worker.set_onmessage(Some(onmessage.as_ref().unchecked_ref()));
        worker.set_onerror(Some(onerror.as_ref().unchecked_ref()));
        // The module is compiled already; the worker gets it as it is.
        worker.post_message(&wasm_bindgen::module())?;
        Command::Begin(id).post(&worker)?;
        let looks_again = Cell::new(false);
        Ok(Self {
            id,
            encoder: Encoder::new(),
            looks_again,
            worker,
            progress,
            _listeners: [onmessage, onerror],
        })
    }
}

impl Current {
    fn post(&mut self, now: Micros) -> Result<(), JsValue> {
        if let Some(batch) = self.encoder.take(now) {
            Command::Append(batch).post(&self.worker)?;
        }
        if self.encoder.is_open() && !self.looks_again.replace(true) {
            // The worker has the timer: browsers let those of a hidden page wait for up to a minute.
            Command::Remind(LOOK_AGAIN_MILLIS).post(&self.worker)?;
        }
        Ok(())
    }
}

impl Drop for Current {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Inner {
    fn tell(&self, news: News) {
        (self.tell)(news);
    }

    fn hear(self: &Rc<Self>, id: Id, answer: Answer, progress: Progress) {
        let kept = |place| Kept { place, octets: progress.file_octets, ..Kept::empty(id) };
        match answer {
            Answer::Time => {
                if let Some(current) = self.current.borrow().as_ref().filter(|current| current.id == id) {
                    current.looks_again.set(false);
                }
                Recorder(Rc::clone(self)).post();
            }
            Answer::Saved(progress) => self.tell(News::Saved(id, progress)),
            Answer::Room(shortage) => self.tell(News::Room(shortage)),
            Answer::Failed(fault) => self.tell(News::Failed(fault)),
            Answer::Parted(place, parts) => self.give(kept(place), Some(parts)),
            Answer::NotedSaved(octets) => self.tell(News::SavedElsewhere(id, octets)),
            Answer::Finished(place) => {
                let ended = self.ending.borrow_mut().extract_if(.., |ended| ended.id == id).next();
                if let Some(ended) = ended {
                    if ended.progress.get().file_octets > 0 {
                        self.finished.set(Some(kept(place)));
                    }
                    self.tell(News::Finished(id));
                    // Not now: this runs in one of its listeners.
                    super::javascript::after(0, move || drop(ended));
                }
            }
        }
    }

    fn give(self: &Rc<Self>, kept: Kept, parts: Option<u32>) {
        let inner = Rc::clone(self);
        spawn_local(async move {
            match download::give(&kept, parts).await {
                Ok(octets) => inner.tell(News::SavedElsewhere(kept.id, octets)),
                Err(_) => inner.tell(News::Unreadable(kept.id)),
            }
        });
    }
}

fn boot_script() -> Option<String> {
    let document = web_sys::window()?.document()?;
    document.query_selector(BOOT_SELECTOR).ok()??.get_attribute("content")
}

/// Asks the browser to delete other pages' storage before this one's. It may say no, and recording goes on.
async fn ask_to_persist() {
    drop(promised(&get(&navigator(), "storage"), "persist", &Array::new()).await);
}
