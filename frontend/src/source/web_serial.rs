//! Octets from a board on a serial port of the browser (WICG Web Serial).
//!
//! [`WebSerial`] asks for ports and keeps the one connection; [`watch`] is what happens while a port is read.

mod come_back;
mod halt;
mod relisted;
mod talk;
mod tuning;
mod turns;
mod watch;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Array, Error, Object, Reflect};
use meterscope_capture::line_settings::LineSettings;
use wasm_bindgen::{JsCast, JsValue};
use yew::platform::spawn_local;

use super::boards::{DeviceId, Remembered};
use super::faults::{self, NoPort};
use super::outbox::{OnEvents, Outbox};
use super::serial_api::{Serial, SerialPort};
use super::waiting::Bell;
use super::{Connection, Failure, Signals, What};
use crate::locks;
use turns::Turns;
use watch::Watch;

/// What is to be connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub port: Choice,
    pub tuning: Tuning,
}

/// Which port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The person is asked: for known boards only, or for any port.
    Ask { any: bool },
    /// A place in the list of ports that the page may open.
    Known(usize),
    /// One like this, and the person is asked where there is none.
    Like(DeviceId),
}

/// How the line is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tuning {
    /// Like this.
    Set(LineSettings),
    /// As the search finds, which begins with what fitted earlier.
    Find(Option<LineSettings>),
}

/// What the person is told besides the events.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// The ports that the page may open.
    Ports(Vec<DeviceId>),
    /// There is no port to be opened, and why.
    NoPort(NoPort),
    /// A port was chosen and is going to be opened.
    Chosen,
    /// Whether the board marks errors and times in what it sends.
    Marks(bool),
    /// How much of its time the search has taken, in percent.
    Progress(u8),
    /// Octets can be read with these settings: worth remembering.
    Fits(Remembered),
}

type OnNews = Box<dyn Fn(News)>;

/// The serial ports of the browser.
pub struct WebSerial {
    serial: Serial,
    outbox: Rc<Outbox>,
    on_news: OnNews,
    known: RefCell<Vec<SerialPort>>,
    turns: Turns,
    watch: RefCell<Option<Rc<Watch>>>,
    signals: Cell<Option<Signals>>,
    listeners: RefCell<Vec<EventListener>>,
}

/// Whether this browser has serial ports at all.
pub fn is_supported() -> bool {
    serial().is_some()
}

impl WebSerial {
    /// The browser's ports, where it has any.
    pub fn new(on_events: OnEvents, on_news: OnNews) -> Option<Rc<Self>> {
        let this = Rc::new(Self {
            serial: serial()?,
            outbox: Outbox::new(on_events),
            on_news,
            known: RefCell::default(),
            turns: Turns::default(),
            watch: RefCell::default(),
            signals: Cell::new(None),
            listeners: RefCell::default(),
        });
        this.listen();
        this.list_ports();
        Some(this)
    }

    /// Connects. A connection that there is ends before.
    pub fn connect(self: &Rc<Self>, wanted: Wanted) {
        let this = Rc::clone(self);
        spawn_local(async move {
            // First of all: the browser asks only while the click is fresh.
            match this.choose(wanted.port).await {
                Ok(port) => this.read_from(port, wanted.tuning).await,
                Err(why) => (this.on_news)(News::NoPort(why)),
            }
        });
    }

    /// Closes the port, or the one that is about to be opened.
    pub fn disconnect(&self) {
        self.turns.forget();
        if let Some(watch) = &*self.watch.borrow() {
            watch.stop();
        }
    }

    /// Asks for the port again that the browser does not allow any more.
    pub fn allow_again(self: &Rc<Self>) {
        let Some(watch) = self.watch.borrow().clone() else { return };
        let this = Rc::clone(self);
        spawn_local(async move {
            match this.ask(&mut [watch.device()].into_iter()).await {
                Ok(port) => watch.offer(port),
                Err(why) => (this.on_news)(News::NoPort(why)),
            }
            this.list_ports();
        });
    }

    /// Sets the lines that the board can see.
    pub fn set_signals(&self, signals: Signals) {
        self.signals.set(Some(signals));
        if let Some(watch) = self.watch.borrow().clone() {
            spawn_local(async move { watch.set_signals(signals).await });
        }
    }

    /// Looks up which ports the page may open.
    pub fn list_ports(self: &Rc<Self>) {
        let this = Rc::clone(self);
        spawn_local(async move {
            let ports = this.ports().await;
            let devices = ports.iter().map(device_id).collect();
            this.known.replace(ports);
            (this.on_news)(News::Ports(devices));
        });
    }

    fn listen(self: &Rc<Self>) {
        let mut listeners = self.listeners.borrow_mut();
        for kind in ["connect", "disconnect"] {
            let this = Rc::downgrade(self);
            listeners.push(EventListener::new(&self.serial, kind, move |event| {
                let Some(this) = this.upgrade() else { return };
                let port = event.target().and_then(|target| target.dyn_into::<JsValue>().ok());
                let watch = this.watch.borrow().clone();
                if let Some(watch) = watch {
                    watch.devices_changed(port.as_ref().filter(|_| kind == "disconnect"));
                }
                this.list_ports();
            }));
        }
        if let Some(window) = web_sys::window() {
            let this = Rc::downgrade(self);
            listeners.push(EventListener::new(&window, "pagehide", move |_| {
                if let Some(this) = this.upgrade() {
                    this.leave();
                }
            }));
        }
    }

    /// The page goes away, and nothing can be waited for any more.
    fn leave(&self) {
        if let Some(watch) = self.watch.borrow().clone() {
            watch.leave();
        }
        self.outbox.empty();
    }

    async fn choose(&self, choice: Choice) -> Result<SerialPort, NoPort> {
        match choice {
            Choice::Ask { any: true } => self.ask(&mut std::iter::empty()).await,
            Choice::Ask { any: false } => self.ask(&mut DeviceId::known()).await,
            Choice::Known(index) => {
                let known = self.known.borrow().get(index).cloned();
                known.ok_or(NoPort::Cancelled)
            }
            Choice::Like(device) => {
                let port = self.ports().await.into_iter().find(|port| device_id(port) == device);
                match port {
                    Some(port) => Ok(port),
                    None => self.ask(&mut [device].into_iter()).await,
                }
            }
        }
    }

    /// Lets the person choose among the ports of these devices, or among all.
    async fn ask(&self, devices: &mut dyn Iterator<Item = DeviceId>) -> Result<SerialPort, NoPort> {
        let filters: Array = devices.filter_map(filter).collect();
        let options = Object::new();
        if filters.length() > 0 {
            set(&options, "filters", &filters);
        }
        let port = self.serial.request_port(&options).await;
        port.map(JsCast::unchecked_into).map_err(|error| {
            let (name, message) = named(&error);
            faults::of_request(&name, &message)
        })
    }

    async fn read_from(self: &Rc<Self>, port: SerialPort, tuning: Tuning) {
        let turn = self.turns.next();
        if let Some(before) = &*self.watch.borrow() {
            before.stop();
        }
        turn.comes().await;
        if !turn.is_wanted() {
            return;
        }
        let device = device_id(&port);
        let lock = locks::take(lock_name(device)).await;
        if !turn.is_wanted() {
            return;
        }
        let Some(lock) = lock else {
            (self.on_news)(News::NoPort(NoPort::InOtherTab));
            return;
        };
        (self.on_news)(News::Chosen);
        let watch = Watch::new(Rc::clone(self), device);
        self.watch.replace(Some(Rc::clone(&watch)));
        watch.run(port, tuning).await;
        self.watch.take();
        drop(lock);
        drop(turn);
        self.list_ports();
    }

    async fn ports(&self) -> Vec<SerialPort> {
        // Refused where the page may use no port: then there is none.
        let ports = self.serial.get_ports().await.unwrap_or(JsValue::UNDEFINED);
        let ports = ports.dyn_into::<Array>().unwrap_or_default();
        ports.iter().map(JsCast::unchecked_into).collect()
    }
}

fn serial() -> Option<Serial> {
    let navigator = web_sys::window()?.navigator();
    let serial = Reflect::get(&navigator, &"serial".into()).ok()?;
    (!serial.is_undefined()).then(|| serial.unchecked_into())
}

/// One tab at a time reads from a device.
fn lock_name(device: DeviceId) -> String {
    format!("meterscope-port-{}", device.to_string().replace(':', "-"))
}

/// What the browser's dialog is to offer for a device; nothing for one that has no numbers.
fn filter(device: DeviceId) -> Option<JsValue> {
    let filter = Object::new();
    set(&filter, "usbVendorId", &device.vendor?.into());
    if let Some(product) = device.product {
        set(&filter, "usbProductId", &product.into());
    }
    Some(filter.into())
}

#[allow(clippy::cast_sign_loss, reason = "USB numbers have 16 bits")]
fn device_id(port: &SerialPort) -> DeviceId {
    let info = port.get_info();
    let number = |key: &str| Reflect::get(&info, &key.into()).ok()?.as_f64().map(|number| number as u16);
    DeviceId { vendor: number("usbVendorId"), product: number("usbProductId") }
}

/// Name and message of an exception.
fn named(error: &JsValue) -> (String, String) {
    let error = error.unchecked_ref::<Error>();
    (error.name().into(), error.message().into())
}

fn set(object: &Object, key: &str, value: &JsValue) {
    // A new object takes every property.
    let _ = Reflect::set(object, &key.into(), value);
}
