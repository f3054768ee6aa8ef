//! Reads from a port what arrives, in buffers of its own where the browser allows it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::serial_api::{ReadResult, ReadableStream, StreamReader};

/// The browser keeps so many octets until they are read; its own 255 lose some.
pub const BUFFER_OCTETS: u32 = 16_384;

/// A reader of a port's stream.
pub struct PortReader {
    reader: StreamReader,
    /// The buffer that goes to the browser with each read and comes back; none where the browser brings its own.
    buffer: RefCell<Option<ArrayBuffer>>,
}

impl PortReader {
    /// Locks the stream.
    pub fn new(stream: &ReadableStream) -> Result<Self, JsValue> {
        let byob = Object::new();
        // A new object takes every property.
        let _ = Reflect::set(&byob, &"mode".into(), &"byob".into());
        match stream.get_reader_with(&byob) {
            Ok(reader) => Ok(Self { reader, buffer: RefCell::new(Some(ArrayBuffer::new(BUFFER_OCTETS))) }),
            // A stream that is not one of octets.
            Err(_) => Ok(Self { reader: stream.get_reader()?, buffer: RefCell::default() }),
        }
    }

    /// What has arrived, once something has; nothing when reading was cancelled.
    pub async fn read(&self) -> Result<Option<Rc<[u8]>>, JsValue> {
        let buffer = self.buffer.take();
        let brings_own = buffer.is_some();
        let result = match buffer {
            Some(buffer) => self.reader.read_into(Uint8Array::new(&buffer)).await?,
            None => self.reader.read().await?,
        };
        let result: ReadResult = result.unchecked_into();
        let Some(view) = result.value().filter(|_| !result.done()) else { return Ok(None) };
        let octets = view.to_vec().into();
        if brings_own {
            *self.buffer.borrow_mut() = Some(view.buffer());
        }
        Ok(Some(octets))
    }

    /// Ends the read that waits.
    pub async fn cancel(&self) {
        // A stream that failed cannot be cancelled and need not be.
        let _ = self.reader.cancel().await;
    }

    /// Unlocks the stream, which the port cannot be closed before.
    pub fn release(&self) {
        // Fails only where it is unlocked.
        let _ = self.reader.release_lock();
    }
}
