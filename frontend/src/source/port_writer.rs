//! Sends to a port.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen_futures::JsFuture;
use yew::platform::spawn_local;

use super::serial_api::{SerialPort, StreamWriter};
use super::waiting::Bell;

/// A board that has not taken a few words after so long takes nothing any more.
const PATIENCE_MS: u32 = 500;

/// Sends a text, without waiting until it is out. A port that fails is heard of where it is read.
pub fn send(port: &SerialPort, text: &str) {
    let Some(writer) = writer(port) else { return };
    forget(writer.write(&octets(text)));
    // What was written stays so.
    let _ = writer.release_lock();
}

/// Sends a last text, and waits until it is out: whoever closes a port leaves out what has not been sent.
pub async fn send_last(port: &SerialPort, text: &str) {
    let Some(writer) = writer(port) else { return };
    forget(writer.write(&octets(text)));
    let is_out = writer.close();
    let bell = Bell::default();
    let out = bell.clone();
    spawn_local(async move {
        // A board that is gone needs to hear nothing.
        let _ = JsFuture::from(is_out).await;
        out.ring();
    });
    bell.rung_within(PATIENCE_MS).await;
    forget(writer.abort());
    let _ = writer.release_lock();
}

/// None where there is one already, or the port is closed.
fn writer(port: &SerialPort) -> Option<StreamWriter> {
    port.writable()?.get_writer().ok()
}

fn octets(text: &str) -> Uint8Array {
    Uint8Array::from(text.as_bytes())
}

/// A promise that nobody looks at would be an error of the page when it is broken.
fn forget(promise: Promise) {
    spawn_local(async move {
        let _ = JsFuture::from(promise).await;
    });
}
