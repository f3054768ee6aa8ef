//! The worker that writes a recording: only workers may write files at once, and none of it takes the page's time.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::id::Id;
use super::javascript::{after, error_name, get, navigator, number, promised};
use super::message::{Answer, Command, Fault, Place, Progress};
use super::queue::{Batch, Queue};
use super::quota::{Growth, Room};
use super::shelf::Kept;
use super::store::Store;
use crate::source::clock::elapsed_ms;

/// So often the system is told to write what it holds, and the page hears how much that was. A page that is killed loses
/// nothing that reached this worker; a machine that loses power loses this much.
const FLUSH_MS: u32 = 500;
/// So long until what failed is tried again.
const RETRY_MS: u32 = 1_000;
const WATCH_MS: u32 = 60_000;

/// Serves the page that started this worker.
pub fn run() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let desk = Rc::new(Desk::new(scope.clone()));
    let onmessage =
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| match Command::read(&event.data()) {
            Some(Command::Remind(ms)) => {
                let desk = Rc::clone(&desk);
                after(ms, move || desk.answer(Answer::Time));
            }
            Some(command) => {
                desk.take(command);
                spawn_local(work(Rc::clone(&desk)));
            }
            None => {}
        });
    scope.set_onmessage(Some(onmessage.as_ref().unchecked_ref()));
    // It serves as long as the worker lives.
    onmessage.forget();
}

struct Desk {
    scope: DedicatedWorkerGlobalScope,
    id: Cell<Option<Id>>,
    /// Away while somebody works.
    store: RefCell<Stand>,
    queue: RefCell<Queue>,
    errands: RefCell<VecDeque<Errand>>,
    saved: Cell<Progress>,
    /// When the system was last told to write, and whether something came since.
    flushed_ms: Cell<u64>,
    is_dirty: Cell<bool>,
    is_due: Cell<bool>,
    /// Nothing is tried before this.
    resting_until_ms: Cell<u64>,
    growth: RefCell<Growth>,
}

/// How it stands with the store.
#[derive(Default)]
enum Stand {
    /// The recording begins with its first octets.
    #[default]
    None,
    Open(Store),
    /// Somebody works with it.
    Away,
}

enum Errand {
    Part,
    NoteSaved,
    Finish,
}

impl Desk {
    fn new(scope: DedicatedWorkerGlobalScope) -> Self {
        Self {
            scope,
            id: Cell::default(),
            store: RefCell::default(),
            queue: RefCell::default(),
            errands: RefCell::default(),
            saved: Cell::default(),
            flushed_ms: Cell::new(0),
            is_dirty: Cell::new(false),
            is_due: Cell::new(false),
            resting_until_ms: Cell::new(0),
            growth: RefCell::default(),
        }
    }

    fn take(&self, command: Command) {
        match command {
            Command::Begin(id) => self.id.set(Some(id)),
            Command::Append(batch) => {
                let mut queue = self.queue.borrow_mut();
                let had_overflowed = queue.has_overflowed();
                queue.push(batch);
                if queue.has_overflowed() && !had_overflowed {
                    self.answer(Answer::Failed(Fault::Stopped));
                }
            }
            Command::Remind(_) => {}
            Command::Part => self.errands.borrow_mut().push_back(Errand::Part),
            Command::NoteSaved => self.errands.borrow_mut().push_back(Errand::NoteSaved),
            Command::Finish => self.errands.borrow_mut().push_back(Errand::Finish),
        }
    }

    fn answer(&self, answer: Answer) {
        // An array of texts and numbers can always be posted.
        let _ = self.scope.post_message(&answer.to_message());
    }

    fn wrote(&self, batch: &Batch) {
        let mut saved = self.saved.get();
        saved.line_octets += batch.line_octets;
        saved.file_octets += batch.octets.len() as u64;
        if batch.heard {
            saved.heard_end = saved.file_octets;
        }
        self.saved.set(saved);
        self.is_dirty.set(true);
    }

    fn failed(&self, error: &JsValue) {
        self.resting_until_ms.set(elapsed_ms() + u64::from(RETRY_MS));
        let is_full = error_name(error).contains("Quota")
            || get(error, "message").as_string().is_some_and(|text| text.contains("Quota"));
        if !self.queue.borrow().has_overflowed() {
            self.answer(Answer::Failed(if is_full { Fault::Full } else { Fault::Refused }));
        }
    }

    fn may_flush(&self) -> bool {
        elapsed_ms() - self.flushed_ms.get() >= u64::from(FLUSH_MS)
    }

    fn flush(&self, store: &Store) {
        self.flushed_ms.set(elapsed_ms());
        match store.flush() {
            Ok(()) => {
                self.is_dirty.set(false);
                self.answer(Answer::Saved(self.saved.get()));
            }
            Err(error) => self.failed(&error),
        }
    }
}

/// Writes what waits, then does what was asked for. One at a time: who comes while another works leaves it to that one.
async fn work(desk: Rc<Desk>) {
    let stand = desk.store.replace(Stand::Away);
    let mut store = match stand {
        Stand::Away => return,
        Stand::None => None,
        Stand::Open(store) => Some(store),
    };
    loop {
        if let Err(error) = write(&desk, &mut store).await {
            desk.failed(&error);
            again_after(&desk, RETRY_MS);
        }
        let Some(errand) = desk.errands.borrow_mut().pop_front() else { break };
        run_errand(&desk, &mut store, errand).await;
    }
    if let Some(store) = &store
        && desk.is_dirty.get()
    {
        if desk.may_flush() { desk.flush(store) } else { again_after(&desk, FLUSH_MS) }
    }
    desk.store.replace(store.map_or(Stand::None, Stand::Open));
}

async fn write(desk: &Rc<Desk>, store: &mut Option<Store>) -> Result<(), JsValue> {
    loop {
        let is_resting = elapsed_ms() < desk.resting_until_ms.get();
        if is_resting && desk.errands.borrow().is_empty() {
            again_after(desk, RETRY_MS);
            return Ok(());
        }
        // A transaction for every few octets would be slow.
        let is_database = store.as_ref().is_some_and(|store| store.place() == Place::Database);
        if is_database && !desk.may_flush() && desk.errands.borrow().is_empty() {
            again_after(desk, FLUSH_MS);
            return Ok(());
        }
        let batch = desk.queue.borrow_mut().take();
        let Some(batch) = batch else { return Ok(()) };
        let written = match begun(desk, store).await {
            Ok(store) => store.append(&batch.octets).await,
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            desk.queue.borrow_mut().put_back(batch);
            return Err(error);
        }
        desk.wrote(&batch);
        if is_database {
            store.as_ref().into_iter().for_each(|store| desk.flush(store));
        }
    }
}

async fn begun<'a>(desk: &Rc<Desk>, store: &'a mut Option<Store>) -> Result<&'a mut Store, JsValue> {
    if store.is_none() {
        let id = desk.id.get().ok_or(JsValue::UNDEFINED)?;
        *store = Some(Store::begin(id).await?);
        watch(Rc::clone(desk));
    }
    store.as_mut().ok_or(JsValue::UNDEFINED)
}

async fn run_errand(desk: &Desk, store: &mut Option<Store>, errand: Errand) {
    if let Some(store) = store {
        desk.flush(store);
    }
    match errand {
        Errand::Part => {
            let Some(store) = store else { return };
            match store.part().await {
                Ok(parts) => desk.answer(Answer::Parted(store.place(), parts)),
                Err(error) => desk.failed(&error),
            }
        }
        Errand::NoteSaved => {
            let (Some(id), Some(store)) = (desk.id.get(), store) else { return };
            let octets = desk.saved.get().file_octets;
            // What is not noted is offered on the next visit, and that is all.
            if (Kept { place: store.place(), ..Kept::empty(id) }).note_saved(octets).await.is_ok() {
                desk.answer(Answer::NotedSaved(octets));
            }
        }
        Errand::Finish => {
            let place = store.as_ref().map_or(Place::Files, Store::place);
            // Nothing comes behind the end: a later try would begin the recording anew, over what is written.
            desk.id.set(None);
            if let Some(octets) = desk.queue.take().lost() {
                desk.answer(Answer::Failed(Fault::Lost(octets)));
            }
            if let Some(store) = store.take() {
                store.finish();
            }
            desk.answer(Answer::Finished(place));
        }
    }
}

/// Works again later, however often that is asked for meanwhile.
fn again_after(desk: &Rc<Desk>, ms: u32) {
    if !desk.is_due.replace(true) {
        let desk = Rc::clone(desk);
        after(ms, move || {
            desk.is_due.set(false);
            spawn_local(work(desk));
        });
    }
}

/// Looks once a minute how long the storage will do.
fn watch(desk: Rc<Desk>) {
    spawn_local(async move {
        desk.growth.borrow_mut().look(js_sys::Date::now(), desk.saved.get().file_octets);
        if let Ok(estimate) = promised(&get(&navigator(), "storage"), "estimate", &Array::new()).await
            && let (Some(usage), Some(quota)) = (number(&estimate, "usage"), number(&estimate, "quota"))
        {
            let shortage = desk.growth.borrow().shortage(Room { usage, quota });
            desk.answer(Answer::Room(shortage));
        }
        after(WATCH_MS, move || watch(desk));
    });
}
