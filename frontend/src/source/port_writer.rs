//! Sends to a port.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use yew::platform::spawn_local;

use super::serial_api::SerialPort;

/// Sends a text, without waiting until it is out: a board that heard it answers. A port that fails is heard of where it is
/// read.
pub fn send(port: &SerialPort, text: &str) {
    let Some(writer) = port.writable().and_then(|stream| stream.get_writer().ok()) else { return };
    let written = writer.write(&Uint8Array::from(text.as_bytes()));
    // A promise that nobody looks at would be an error of the page when it is broken.
    spawn_local(async move {
        let _ = JsFuture::from(written).await;
    });
    // What was written stays so.
    let _ = writer.release_lock();
}
