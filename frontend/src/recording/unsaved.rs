//! What earlier visits left: it can be opened, saved or discarded.

use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::download::give;
use super::javascript::after;
use super::news::News;
use super::shelf::{Kept, Leftover};

/// What is opened has to fit into the page's memory several times; a larger recording can be saved as a file.
pub const LONGEST_OPENED: u64 = 512 << 20;

/// So often it is looked whether a page that was just closed gives its recording back.
const LOOKS: u32 = 5;
const LOOK_AGAIN_MS: u32 = 1_000;

/// Looks for recordings that nobody saved, and clears away those that were saved long ago.
pub fn look(tell: impl Fn(News) + Clone + 'static) {
    look_again(tell, LOOKS);
}

fn look_again(tell: impl Fn(News) + Clone + 'static, times: u32) {
    spawn_local(async move {
        let Leftover { unsaved, outlived, some_held } = Leftover::find().await;
        for kept in outlived {
            // What stays is cleared away next time.
            let _ = kept.remove().await;
        }
        if !unsaved.is_empty() {
            tell(News::Unsaved(Rc::from(unsaved)));
        }
        if some_held && times > 0 {
            after(LOOK_AGAIN_MS, move || look_again(tell, times - 1));
        }
    });
}

/// Reads a recording, and hands its name and octets on.
pub fn open(kept: Kept, opened: impl FnOnce(String, Result<Rc<[u8]>, JsValue>) + 'static) {
    spawn_local(async move { opened(kept.id.file_name(), read(&kept).await) });
}

async fn read(kept: &Kept) -> Result<Rc<[u8]>, JsValue> {
    let blob = kept.blob(None).await?;
    let buffer = JsFuture::from(blob.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec().into())
}

/// Saves a recording as a file.
pub fn download(kept: Kept, tell: impl Fn(News) + 'static) {
    spawn_local(async move {
        match give(&kept, None).await {
            Ok(octets) => tell(News::SavedElsewhere(kept.id, octets)),
            Err(_) => tell(News::Unreadable(kept.id)),
        }
    });
}

/// Deletes a recording.
pub fn discard(kept: Kept, tell: impl Fn(News) + 'static) {
    spawn_local(async move {
        if kept.remove().await.is_err() {
            tell(News::Unreadable(kept.id));
        }
        tell(News::Unsaved(Rc::from(Leftover::find().await.unsaved)));
    });
}
