//! What page and board say to each other while a port is open: whether the board marks is found out, and its line is set.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::Object;
use yew::platform::spawn_local;

use super::halt::Halt;
use super::watch::Watch;
use super::{News, SerialPort};
use crate::source::clock::{self, elapsed_ms};
use crate::source::forwarder::farewell::Farewell;
use crate::source::forwarder::greeting::{Greeting, Step as Greeted};
use crate::source::forwarder::held::Piece;
use crate::source::forwarder::{Forwarder, Step, USB};
use crate::source::port_reader::PortReader;
use crate::source::serial_api::ReadableStream;
use crate::source::waiting::pause;
use crate::source::{Connection, Event, Failure, Line, What, port_writer};

/// A board that has not answered by then is gone, or will never answer.
const FAREWELL_MS: u32 = 2000;
/// So often the port is looked at for its next stream.
const NEXT_STREAM_MS: u32 = 5;

/// How far they are.
#[derive(Clone, Debug, Default)]
pub enum Talk {
    /// The board is not spoken to: what it sends is what was on the bus.
    #[default]
    Nothing,
    /// It is asked what it is.
    Greeting(Greeting),
    /// It marks.
    Marked(Box<Forwarder>),
}

impl Talk {
    /// So often time passes for it.
    const fn step_ms(&self) -> u32 {
        match self {
            Self::Nothing => 1000,
            Self::Greeting(_) => 50,
            Self::Marked(_) => 250,
        }
    }
}

impl Watch {
    /// Lets time pass as long as there is a connection with a board that may be spoken to.
    pub(super) fn tick_talk(self: &Rc<Self>) {
        let watch = Rc::downgrade(self);
        let mut step_ms = 0;
        spawn_local(async move {
            loop {
                pause(step_ms).await;
                let Some(watch) = watch.upgrade() else { return };
                watch.step_talk();
                step_ms = watch.talk.borrow().step_ms();
            }
        });
    }

    /// Whether the board is to be asked what it is when its port is opened next.
    pub(super) fn will_greet(&self) -> bool {
        self.device().may_forward() && !self.is_other_board.get()
    }

    /// The port was opened to ask the board what it is.
    pub(super) fn greet(&self) {
        self.talk.replace(Talk::Greeting(Greeting::new(elapsed_ms())));
        self.step_talk();
    }

    /// Takes what the port gave.
    pub(super) fn take(&self, octets: Rc<[u8]>) {
        let now = clock::now();
        let events = match &mut *self.talk.borrow_mut() {
            Talk::Nothing => vec![Event { at: now, what: What::Octets(octets) }],
            Talk::Greeting(greeting) => {
                greeting.hear(now, &octets);
                Vec::new()
            }
            Talk::Marked(forwarder) => forwarder.hear(elapsed_ms(), now, &octets),
        };
        self.hand_on(events);
        self.step_talk();
    }

    /// To the search, where there is one, and to everybody else.
    pub(super) fn hand_on(&self, events: Vec<Event>) {
        if let Some(search) = &mut *self.search.borrow_mut() {
            for event in &events {
                match &event.what {
                    What::Octets(octets) => search.hear(elapsed_ms(), octets),
                    What::Line(event) => search.line_event(elapsed_ms(), *event),
                    What::Connection(_) => {}
                }
            }
        }
        self.serial.outbox.put_all(events);
    }

    /// Puts the board back to how it was found, and waits until it says so: what is only on its way when a port is closed
    /// never arrives.
    pub(super) async fn say_farewell(&self, port: &SerialPort) {
        if !matches!(*self.talk.borrow(), Talk::Marked(_)) {
            return;
        }
        let Some(reader) = self.next_stream(port).await.and_then(|stream| PortReader::new(&stream).ok())
        else {
            return;
        };
        let Some(mut farewell) = self.begin_farewell(port) else { return };
        let reader = Rc::new(reader);
        let late = Rc::clone(&reader);
        let timer = Timeout::new(FAREWELL_MS, move || spawn_local(async move { late.cancel().await }));
        while !farewell.is_over()
            && let Ok(Some(octets)) = reader.read().await
        {
            farewell.hear(clock::now(), &octets);
        }
        drop(timer);
        reader.release();
        self.serial.outbox.put_all(farewell.finish(elapsed_ms()));
    }

    /// The stream behind the one that was read last. After a cancelled read the port offers the old one, which is at its end,
    /// until the browser has dropped what was still to be read. None where the device is gone.
    async fn next_stream(&self, port: &SerialPort) -> Option<ReadableStream> {
        let since_ms = elapsed_ms();
        loop {
            let stream = port.readable()?;
            let is_old =
                self.stream.borrow().as_ref().is_some_and(|old| Object::is(old.as_ref(), stream.as_ref()));
            if !is_old || elapsed_ms() >= since_ms + u64::from(FAREWELL_MS) {
                return Some(stream);
            }
            pause(NEXT_STREAM_MS).await;
        }
    }

    /// The same, as far as it can be without waiting.
    pub(super) fn begin_farewell(&self, port: &SerialPort) -> Option<Farewell> {
        let Talk::Marked(forwarder) = self.talk.take() else { return None };
        port_writer::send(port, &forwarder.farewell());
        Some(Farewell::new(*forwarder))
    }

    fn step_talk(&self) {
        let mut talk = self.talk.borrow_mut();
        match &mut *talk {
            Talk::Nothing => {}
            Talk::Greeting(greeting) => {
                let step = greeting.step(elapsed_ms());
                drop(talk);
                self.greeted(step);
            }
            Talk::Marked(forwarder) => {
                let step = forwarder.step(elapsed_ms());
                drop(talk);
                self.talked(step);
            }
        }
    }

    fn greeted(&self, step: Greeted) {
        match step {
            Greeted::Wait => {}
            Greeted::Send(text) => self.say(&text),
            Greeted::Silent(pieces) => self.go_on_unmarked(pieces),
            Greeted::Marks { identity, plain, marked } => {
                let settings = self.search.borrow().is_none().then(|| self.settings.get());
                let mut forwarder = Box::new(Forwarder::new(identity, settings));
                let mut events = events(plain);
                for (at, octets) in marked {
                    events.extend(forwarder.hear(elapsed_ms(), at, &octets));
                }
                self.talk.replace(Talk::Marked(forwarder));
                (self.serial.on_news)(News::Marks(true));
                self.hand_on(events);
                self.step_talk();
            }
        }
    }

    /// The board is another one, and its port is to be set as its line is.
    fn go_on_unmarked(&self, pieces: Vec<Piece>) {
        self.talk.take();
        self.is_other_board.set(true);
        (self.serial.on_news)(News::Marks(false));
        if self.settings.get() == USB {
            self.report_open();
            self.hand_on(events(pieces));
            return;
        }
        if !pieces.is_empty() {
            // So it was set when these came.
            let device = self.line().device;
            self.report(Connection::Opening(Line { device, settings: USB }));
            self.serial.outbox.put_all(events(pieces));
        }
        self.halt(Halt::Retuned);
    }

    fn talked(&self, step: Step) {
        match step {
            Step::Listen => {}
            Step::Send(command) => self.say(&format!("{command}\n")),
            Step::Refused => {
                return self.halt(Halt::Failed(Failure::SettingsRefused(self.settings.get())));
            }
            Step::Unanswered => {
                let mut silence = self.silence.get();
                let is_worth_asking = silence.is_worth_asking(elapsed_ms());
                self.silence.set(silence);
                return self.halt(if is_worth_asking {
                    Halt::Retuned
                } else {
                    Halt::Failed(Failure::Silent)
                });
            }
        }
        let (is_set, settings) = match &*self.talk.borrow() {
            Talk::Marked(forwarder) => (forwarder.is_set(), forwarder.settings()),
            Talk::Nothing | Talk::Greeting(_) => return,
        };
        if is_set && !self.is_open.get() {
            self.report_open();
        } else if let Some(settings) = settings
            && self.is_open.get()
            && self.search.borrow().is_none()
            && self.settings.replace(settings) != settings
        {
            // The board has found that its line is set otherwise by now.
            self.tell_fits();
            self.report(Connection::Open(self.line()));
        }
    }

    fn say(&self, text: &str) {
        if let Some(port) = &*self.port.borrow() {
            port_writer::send(port, text);
        }
    }
}

fn events(pieces: Vec<Piece>) -> Vec<Event> {
    pieces.into_iter().map(|(at, octets)| Event { at, what: What::Octets(octets.into()) }).collect()
}
