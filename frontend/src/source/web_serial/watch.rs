//! One connection: opened, read until something happens, taken up again, closed. Everything that happens is an event.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Object;
use meterscope_capture::line_settings::{LineSettings, Parity};
use wasm_bindgen::JsValue;
use yew::platform::spawn_local;

use super::halt::{self, Halt};
use super::talk::Talk;
use super::{
    Bell, Connection, DeviceId, Failure, SerialPort, Signals, Tuning, WebSerial, What, faults, named, set,
};
use crate::source::clock::elapsed_ms;
use crate::source::faults::ReadFault;
use crate::source::find_settings::Search;
use crate::source::forwarder::USB;
use crate::source::forwarder::silence::Silence;
use crate::source::port_reader::{BUFFER_OCTETS, PortReader};
use crate::source::serial_api::ReadableStream;
use crate::source::waiting::pause;
use crate::source::{Event, Line, clock};

/// A device that has just come is given to the page before the system has given it its rights.
const OPEN_AGAIN_MS: u32 = 300;
const OPEN_AGAIN_TIMES: u32 = 10;

/// One connection.
pub struct Watch {
    pub(super) serial: Rc<WebSerial>,
    pub(super) device: DeviceId,
    pub(super) settings: Cell<LineSettings>,
    pub(super) search: RefCell<Option<Search>>,
    /// What was told of it last.
    pub(super) progress: Cell<u8>,
    pub(super) talk: RefCell<Talk>,
    /// The board was asked what it is, and did not answer.
    pub(super) is_other_board: Cell<bool>,
    /// It did, and then answered no more.
    pub(super) silence: Cell<Silence>,
    /// Octets come with settings that are known, or are being searched.
    pub(super) is_open: Cell<bool>,
    pub(super) port: RefCell<Option<SerialPort>>,
    /// Ports of other boards of the same kind, which were there when this one was opened.
    pub(super) others: RefCell<Vec<SerialPort>>,
    pub(super) reader: RefCell<Option<Rc<PortReader>>>,
    /// The stream that is read, or was read last.
    pub(super) stream: RefCell<Option<ReadableStream>>,
    /// Why reading was, or is to be, cancelled.
    pub(super) halt: halt::Waiting,
    /// The browser has said that the device was unplugged.
    pub(super) unplugged: Cell<bool>,
    /// A port that the person has just allowed.
    pub(super) offered: RefCell<Option<SerialPort>>,
    /// The page goes away, and the end is reported.
    left: Cell<bool>,
    /// Rung when devices come or go and when the connection shall end.
    pub(super) bell: Bell,
}

impl Watch {
    pub fn new(serial: Rc<WebSerial>, device: DeviceId) -> Rc<Self> {
        Rc::new(Self {
            serial,
            device,
            settings: Cell::new(LineSettings::MBUS),
            search: RefCell::default(),
            progress: Cell::new(0),
            talk: RefCell::default(),
            is_other_board: Cell::new(false),
            silence: Cell::default(),
            is_open: Cell::new(false),
            port: RefCell::default(),
            others: RefCell::default(),
            reader: RefCell::default(),
            stream: RefCell::default(),
            halt: halt::Waiting::default(),
            unplugged: Cell::new(false),
            offered: RefCell::default(),
            left: Cell::new(false),
            bell: Bell::default(),
        })
    }

    pub const fn device(&self) -> DeviceId {
        self.device
    }

    /// Ends the connection.
    pub fn stop(&self) {
        self.halt(Halt::Stopped);
    }

    /// Ends the connection as far as it can be without waiting.
    pub fn leave(&self) {
        self.stop();
        // The read was cancelled by that; a stream that is unlocked can be closed.
        if let Some(reader) = &*self.reader.borrow() {
            reader.release();
        }
        if let Some(port) = self.port.take() {
            self.begin_farewell(&port);
            spawn_local(async move {
                let _ = port.close().await;
            });
        }
        if !self.left.replace(true) {
            self.report(Connection::Closed);
        }
    }

    /// The person has allowed this port.
    pub fn offer(&self, port: SerialPort) {
        self.offered.replace(Some(port));
        self.bell.ring();
    }

    /// Devices came or went; this port's is the one that went.
    pub fn devices_changed(&self, gone: Option<&JsValue>) {
        let is_this = |port: &SerialPort| gone.is_some_and(|gone| Object::is(gone, port.as_ref()));
        if self.port.borrow().as_ref().is_some_and(is_this) {
            self.unplugged.set(true);
        }
        self.bell.ring();
    }

    pub async fn set_signals(&self, signals: Signals) {
        let port = self.port.borrow().clone();
        if let Some(port) = port {
            let lines = Object::new();
            set(&lines, "dataTerminalReady", &signals.dtr.into());
            set(&lines, "requestToSend", &signals.rts.into());
            // A port without such lines has nothing to set.
            let _ = port.set_signals(&lines).await;
        }
    }

    /// Reads from the port until the end.
    pub async fn run(self: &Rc<Self>, mut port: SerialPort, tuning: Tuning) {
        match tuning {
            Tuning::Set(settings) => self.settings.set(settings),
            Tuning::Find(earlier) => {
                let search = Search::new(elapsed_ms(), earlier);
                self.settings.set(search.settings());
                self.search.replace(Some(search));
                self.tick();
            }
        }
        if self.device.may_forward() {
            self.tick_talk();
        }
        let mut tries = 1;
        self.note_others(&port).await;
        self.report(Connection::Opening(self.line()));
        loop {
            match self.read(&port, tries).await {
                Halt::Retuned => {}
                Halt::Stopped => return self.report_end(Connection::Closed),
                Halt::Failed(failure) => return self.report_end(Connection::Failed(failure)),
                Halt::Lost => {
                    self.report(Connection::Unplugged);
                    let Some(fresh) = self.come_back(&port).await else {
                        return self.report_end(Connection::Closed);
                    };
                    port = fresh;
                    self.note_others(&port).await;
                    tries = OPEN_AGAIN_TIMES;
                    // It may have another firmware by now.
                    self.is_other_board.set(false);
                    self.silence.take();
                    self.report(Connection::Opening(self.line()));
                }
            }
        }
    }

    /// Opens the port and reads until something ends it.
    async fn read(&self, port: &SerialPort, tries: u32) -> Halt {
        let greets = self.will_greet();
        self.is_open.set(false);
        let settings = if greets { USB } else { self.settings.get() };
        if let Err(failure) = self.open(port, settings, tries).await {
            // One that was there a moment ago may be gone again.
            return if tries > 1 { Halt::Lost } else { Halt::Failed(failure) };
        }
        self.port.replace(Some(port.clone()));
        self.unplugged.set(false);
        if let Some(signals) = self.serial.signals.get() {
            self.set_signals(signals).await;
        }
        if greets {
            self.greet();
        } else {
            self.report_open();
        }
        let halt = self.read_streams(port).await;
        self.say_farewell(port).await;
        // A device that is gone is closed already.
        let _ = port.close().await;
        halt
    }

    pub(super) async fn open(
        &self,
        port: &SerialPort,
        settings: LineSettings,
        tries: u32,
    ) -> Result<(), Failure> {
        let options = options(settings);
        let mut failure = None;
        for again in 0..tries {
            if again > 0 {
                pause(OPEN_AGAIN_MS).await;
            }
            let Err(error) = port.open(&options).await else { return Ok(()) };
            let (name, message) = named(&error);
            failure = Some(faults::of_open(&name, &message, settings));
        }
        failure.map_or(Ok(()), Err)
    }

    /// The port is open, and what it gives is to be looked at.
    pub(super) fn report_open(&self) {
        self.is_open.set(true);
        let is_marked = matches!(*self.talk.borrow(), Talk::Marked(_));
        let is_searching = match &mut *self.search.borrow_mut() {
            Some(search) => {
                if is_marked {
                    search.leave_to_board();
                }
                search.opened(elapsed_ms());
                true
            }
            None => false,
        };
        if is_searching {
            self.report(Connection::Searching(self.line()));
        } else {
            self.tell_fits();
            self.report(Connection::Open(self.line()));
        }
    }

    /// Reads one stream after the other: each error on the line ends one.
    async fn read_streams(&self, port: &SerialPort) -> Halt {
        loop {
            if let Some(halt) = self.halt.take() {
                return halt;
            }
            let Some(stream) = port.readable() else { return Halt::Lost };
            let Ok(reader) = PortReader::new(&stream) else { return Halt::Lost };
            self.stream.replace(Some(stream));
            let reader = Rc::new(reader);
            self.reader.replace(Some(Rc::clone(&reader)));
            let fault = self.read_stream(&reader).await;
            self.reader.take();
            reader.release();
            match fault {
                Some(ReadFault::Line(event)) => {
                    self.hand_on(vec![Event { at: clock::now(), what: What::Line(event) }]);
                }
                Some(ReadFault::Lost) => return self.halt.take().unwrap_or(Halt::Lost),
                // Cancelled, and there is a reason for it; or the browser ended it, and there is no next stream.
                None => {}
            }
        }
    }

    async fn read_stream(&self, reader: &PortReader) -> Option<ReadFault> {
        loop {
            match reader.read().await {
                Ok(Some(octets)) => self.take(octets),
                Ok(None) => return None,
                Err(error) => return Some(faults::of_read(&named(&error).0)),
            }
        }
    }

    /// Cancels the read that waits, and says why.
    pub(super) fn halt(&self, why: Halt) {
        self.halt.put(why);
        self.bell.ring();
        if let Some(reader) = self.reader.borrow().clone() {
            spawn_local(async move { reader.cancel().await });
        }
    }

    pub(super) fn line(&self) -> Line {
        let device = self.device.name().unwrap_or_default().into();
        Line { device, settings: self.settings.get() }
    }

    pub(super) fn report(&self, connection: Connection) {
        self.serial.outbox.put(What::Connection(connection));
    }

    /// The last event, which a page that goes away has reported already.
    fn report_end(&self, connection: Connection) {
        if !self.left.get() {
            self.port.take();
            self.report(connection);
            self.serial.outbox.empty();
        }
    }
}

fn options(settings: LineSettings) -> Object {
    let options = Object::new();
    set(&options, "baudRate", &settings.baud.into());
    set(&options, "dataBits", &settings.data_bits.into());
    set(&options, "stopBits", &settings.stop_bits.into());
    let parity = match settings.parity {
        Parity::None => "none",
        Parity::Even => "even",
        Parity::Odd => "odd",
    };
    set(&options, "parity", &parity.into());
    set(&options, "bufferSize", &BUFFER_OCTETS.into());
    options
}
