//! The browser's Web Serial interface, as far as it is used here (WICG Web Serial; Streams for the readers).
//!
//! `web-sys` has these types only behind a compiler flag for the whole build, which an environment variable would undo;
//! these few lines need no flag, and every call that can fail returns what it failed with.

use js_sys::{Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

#[wasm_bindgen]
extern "C" {
    /// `navigator.serial`.
    #[wasm_bindgen(extends = EventTarget)]
    #[derive(Clone, Debug)]
    pub type Serial;

    /// The ports that the page may open and that are plugged in.
    #[wasm_bindgen(method, catch, js_name = getPorts)]
    pub async fn get_ports(this: &Serial) -> Result<JsValue, JsValue>;

    /// Lets the person choose a port, which only a click or a key may begin.
    #[wasm_bindgen(method, catch, js_name = requestPort)]
    pub async fn request_port(this: &Serial, options: &Object) -> Result<JsValue, JsValue>;

    /// A port that the page may open.
    #[wasm_bindgen(extends = EventTarget)]
    #[derive(Clone, Debug)]
    pub type SerialPort;

    /// `usbVendorId` and `usbProductId`, where it has them.
    #[wasm_bindgen(method, js_name = getInfo)]
    pub fn get_info(this: &SerialPort) -> Object;

    #[wasm_bindgen(method, catch)]
    pub async fn open(this: &SerialPort, options: &Object) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub async fn close(this: &SerialPort) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = setSignals)]
    pub async fn set_signals(this: &SerialPort, signals: &Object) -> Result<JsValue, JsValue>;

    /// What arrives; a new one after every error that leaves the port open, none after one that does not.
    #[wasm_bindgen(method, getter)]
    pub fn readable(this: &SerialPort) -> Option<ReadableStream>;

    /// Where what is sent goes; none after an error that closes the port.
    #[wasm_bindgen(method, getter)]
    pub fn writable(this: &SerialPort) -> Option<WritableStream>;

    /// A stream of octets.
    #[derive(Clone, Debug)]
    pub type ReadableStream;

    #[wasm_bindgen(method, catch, js_name = getReader)]
    pub fn get_reader(this: &ReadableStream) -> Result<StreamReader, JsValue>;

    #[wasm_bindgen(method, catch, js_name = getReader)]
    pub fn get_reader_with(this: &ReadableStream, options: &Object) -> Result<StreamReader, JsValue>;

    /// A reader that brings its own buffers, or one that does not.
    #[derive(Clone, Debug)]
    pub type StreamReader;

    #[wasm_bindgen(method, catch)]
    pub async fn read(this: &StreamReader) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = read)]
    pub async fn read_into(this: &StreamReader, buffer: Uint8Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub async fn cancel(this: &StreamReader) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = releaseLock)]
    pub fn release_lock(this: &StreamReader) -> Result<(), JsValue>;

    /// A stream that takes octets.
    #[derive(Clone, Debug)]
    pub type WritableStream;

    #[wasm_bindgen(method, catch, js_name = getWriter)]
    pub fn get_writer(this: &WritableStream) -> Result<StreamWriter, JsValue>;

    /// Who writes into a stream. The promise comes at once, and the writing has begun by then.
    #[derive(Clone, Debug)]
    pub type StreamWriter;

    #[wasm_bindgen(method)]
    pub fn write(this: &StreamWriter, octets: &Uint8Array) -> Promise;

    #[wasm_bindgen(method, catch, js_name = releaseLock)]
    pub fn release_lock(this: &StreamWriter) -> Result<(), JsValue>;

    /// What a read gives.
    pub type ReadResult;

    #[wasm_bindgen(method, getter)]
    pub fn done(this: &ReadResult) -> bool;

    #[wasm_bindgen(method, getter)]
    pub fn value(this: &ReadResult) -> Option<Uint8Array>;
}
