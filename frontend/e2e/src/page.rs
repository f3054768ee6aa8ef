//! The page by its parts: what a person sees and does, by the ids that the page promises to keep.

use std::path::Path;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::{By, WebDriver};

use crate::Outcome;

/// Far more than the page needs, for a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(10);
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// One row of the frame list.
#[derive(Clone, Debug, Deserialize)]
pub struct FrameRow {
    /// Its place in the capture, from 0.
    pub index: usize,
    /// How it came through.
    pub state: FrameState,
    /// Whether its fields and octets are shown.
    pub selected: bool,
    /// What a person reads in it.
    pub text: String,
}

/// How a frame came through.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum FrameState {
    /// Every check holds.
    Good,
    /// A frame that fails a check.
    Damaged,
    /// Octets that belong to no frame.
    Skipped,
}

/// One row of the field tree.
#[derive(Clone, Debug, Deserialize)]
pub struct FieldRow {
    /// Which octets it counts in: 0 is the frame, the others were joined or deciphered.
    pub buffer: usize,
    /// Offset of its first octet.
    pub start: usize,
    /// Offset after its last octet.
    pub end: usize,
    /// Whether it is the selected field.
    pub selected: bool,
    /// What a person reads in it.
    pub text: String,
}

/// One card with a latest value.
#[derive(Clone, Debug, Deserialize)]
pub struct Card {
    /// The quantity, as the decoder names it.
    pub quantity: String,
    /// What a person reads on it.
    pub text: String,
}

/// The page in a browser.
#[derive(Debug)]
pub struct Page {
    session: WebDriver,
    url: String,
}

impl Page {
    /// Opens the page and waits until it is mounted.
    pub async fn open(session: WebDriver, url: String) -> Outcome<Self> {
        let page = Self { session, url };
        page.reload().await?;
        Ok(page)
    }

    /// Opens the page afresh.
    pub async fn reload(&self) -> Outcome {
        self.session.goto(&self.url).await?;
        self.wait_until("document.documentElement.dataset.ready === 'true'").await
    }

    /// The `WebDriver` session behind the page.
    pub fn session(&self) -> &WebDriver {
        &self.session
    }

    /// Clicks as a mouse does: it fails where the element cannot be hit.
    pub async fn click(&self, selector: &str) -> Outcome {
        self.wait_for(selector).await?;
        let element = self.session.find(By::Css(selector)).await?;
        element.scroll_into_view().await?;
        element.click().await.map_err(|error| format!("{selector} cannot be clicked: {error}"))?;
        Ok(())
    }

    /// Pastes text by way of the dialog.
    pub async fn paste(&self, text: &str) -> Outcome {
        self.click("#paste-button").await?;
        self.write_paste(text).await?;
        self.click("#paste-submit").await
    }

    /// Puts text into the dialog at once, as a paste does, and leaves it open.
    pub async fn write_paste(&self, text: &str) -> Outcome {
        self.wait_for("#paste-text").await?;
        let script = "const [area, text] = arguments; area.focus(); area.select();
             document.execCommand('insertText', false, text)";
        let area = self.session.find(By::Id("paste-text")).await?;
        self.session.execute(script, vec![area.to_json()?, json!(text)]).await?;
        Ok(())
    }

    /// Gives a file to the page's file input.
    pub async fn open_file(&self, path: &Path) -> Outcome {
        let path = path.to_str().ok_or("the path is not UTF-8")?;
        self.session.find(By::Id("file-input")).await?.send_keys(path).await?;
        Ok(())
    }

    /// Gives a file of overrides to the page.
    pub async fn load_overrides(&self, path: &Path) -> Outcome {
        let path = path.to_str().ok_or("the path is not UTF-8")?;
        self.session.find(By::Id("overrides-input")).await?.send_keys(path).await?;
        Ok(())
    }

    /// Drops a file onto the page. Fails where the page would let the browser open the file instead.
    pub async fn drop_file(&self, name: &str, octets: &[u8]) -> Outcome {
        let script = "const [name, octets] = arguments;
             const dataTransfer = new DataTransfer();
             dataTransfer.items.add(new File([new Uint8Array(octets)], name));
             const target = document.querySelector('main') ?? document.body;
             const taken = type => !target.dispatchEvent(
                 new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
             taken('dragenter');
             return [taken('dragover'), taken('drop')];";
        let taken = self.session.execute(script, vec![json!(name), json!(octets)]).await?;
        let taken: [bool; 2] = taken.convert()?;
        if taken == [true, true] { Ok(()) } else { Err("the page does not take the drop".into()) }
    }

    /// The frame list, from top to bottom.
    pub async fn frames(&self) -> Outcome<Vec<FrameRow>> {
        let read = "({ index: +cell.dataset.index, state: cell.dataset.state,
             selected: cell.getAttribute('aria-selected') === 'true', text: cell.innerText })";
        self.gather("#frame-list", ".frame-row", read).await
    }

    /// The field tree, from top to bottom.
    pub async fn fields(&self) -> Outcome<Vec<FieldRow>> {
        let read = "({ buffer: +cell.dataset.buffer, start: +cell.dataset.start, end: +cell.dataset.end,
             selected: cell.getAttribute('aria-selected') === 'true', text: cell.innerText })";
        self.gather("#field-tree", ".field-row", read).await
    }

    /// What a person reads in the fields, from top to bottom.
    pub async fn field_texts(&self) -> Outcome<Vec<String>> {
        Ok(self.fields().await?.into_iter().map(|field| field.text).collect())
    }

    /// The selected field; it is an error if not exactly one is selected.
    pub async fn selected_field(&self) -> Outcome<FieldRow> {
        let selected: Vec<_> = self.fields().await?.into_iter().filter(|field| field.selected).collect();
        <[FieldRow; 1]>::try_from(selected)
            .map(|[field]| field)
            .map_err(|other| format!("one field should be selected, not {other:?}").into())
    }

    /// Offsets of all octets in the hex view.
    pub async fn octets(&self) -> Outcome<Vec<usize>> {
        self.gather("#hex-view", ".octet", "+cell.dataset.offset").await
    }

    /// Offsets of the selected octets.
    pub async fn selected_octets(&self) -> Outcome<Vec<usize>> {
        self.gather("#hex-view", ".octet.selected", "+cell.dataset.offset").await
    }

    /// Clicks a row of the field tree.
    pub async fn click_field(&self, field: &FieldRow) -> Outcome {
        let FieldRow { buffer, start, end, .. } = field;
        let row = format!(".field-row[data-buffer='{buffer}'][data-start='{start}'][data-end='{end}']");
        self.click_in("#field-tree", &row).await
    }

    /// Clicks an octet of the hex view.
    pub async fn click_octet(&self, offset: usize) -> Outcome {
        self.click_in("#hex-view", &format!(".octet[data-offset='{offset}']")).await
    }

    /// The value cards.
    pub async fn cards(&self) -> Outcome<Vec<Card>> {
        self.evaluate(
            "[...document.querySelectorAll('#value-cards .value-card')].map(card => ({
                quantity: card.dataset.quantity, text: card.innerText }))",
        )
        .await
    }

    /// What a person reads in the element.
    pub async fn text(&self, selector: &str) -> Outcome<String> {
        self.wait_for(selector).await?;
        // In one step: the page may draw anew between finding an element and reading it.
        self.evaluate(&format!("document.querySelector(`{selector}`)?.innerText.trim() ?? ''")).await
    }

    /// Whether an element is in the document and can be seen.
    pub async fn is_visible(&self, selector: &str) -> Outcome<bool> {
        self.evaluate(&format!("!!document.querySelector(`{selector}`)?.checkVisibility()")).await
    }

    /// The width of a screen in CSS pixels; below 500 it is a phone's.
    pub async fn set_screen(&self, width: u32, height: u32) -> Outcome {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
        self.session.cdp().send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
        Ok(())
    }

    /// What the system says of dark and light: `dark` or `light`.
    pub async fn set_color_scheme(&self, scheme: &str) -> Outcome {
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.session.cdp().send_raw("Emulation.setEmulatedMedia", media).await?;
        Ok(())
    }

    /// Waits until a capture is shown: its frames, and fields and octets of one of them.
    pub async fn wait_for_capture(&self) -> Outcome {
        for part in ["#frame-list .frame-row", "#field-tree .field-row", "#hex-view .octet"] {
            self.wait_for(part).await?;
        }
        Ok(())
    }

    /// Waits until the element is in the document.
    pub async fn wait_for(&self, selector: &str) -> Outcome {
        self.wait_until(&format!("document.querySelector(`{selector}`)")).await
    }

    /// Waits until the expression is true in the page.
    pub async fn wait_until(&self, expression: &str) -> Outcome {
        self.wait_until_within(PATIENCE.as_secs(), expression).await
    }

    /// The same for something that may take so many seconds.
    pub async fn wait_until_within(&self, seconds: u64, expression: &str) -> Outcome {
        let start = Instant::now();
        let truth = format!("!!({expression})");
        while !self.evaluate::<bool>(&truth).await? {
            if start.elapsed() > Duration::from_secs(seconds) {
                return Err(format!("it never came true: {expression}").into());
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        Ok(())
    }

    /// The value of an expression in the page; a promise is awaited.
    pub async fn evaluate<T: DeserializeOwned>(&self, expression: &str) -> Outcome<T> {
        let script = format!("return (async () => ({expression}))()");
        let value = self.session.execute(script, Vec::<Value>::new()).await?;
        Ok(value.convert()?)
    }

    /// Everything in a grid, of which only what is on the screen is in the document: scrolls all through it.
    async fn gather<T: DeserializeOwned>(&self, grid: &str, cells: &str, read: &str) -> Outcome<Vec<T>> {
        let visit =
            format!("for (const cell of grid.querySelectorAll('{cells}')) found.set(cell.id, {read});");
        self.evaluate(&format!("(async () => {{ {} }})()", scroll_through(grid, &visit))).await
    }

    /// Scrolls a grid to what is to be clicked, and clicks it.
    async fn click_in(&self, grid: &str, cell: &str) -> Outcome {
        let visit = format!("if (grid.querySelector(`{cell}`)) return true;");
        let found: Value =
            self.evaluate(&format!("(async () => {{ {} }})()", scroll_through(grid, &visit))).await?;
        if found != json!(true) {
            return Err(format!("there is no {cell} in {grid}").into());
        }
        self.click(&format!("{grid} {cell}")).await
    }
}

/// The body of a function that runs `visit` at every stop on the way down a grid, and goes back to where it was.
fn scroll_through(grid: &str, visit: &str) -> String {
    format!(
        "const grid = document.querySelector('{grid}'), was = grid.scrollTop, found = new Map();
         const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
         for (let top = 0; ; top += Math.max(grid.clientHeight / 2, 1)) {{
             grid.scrollTop = top;
             await drawn();
             {visit}
             if (top + grid.clientHeight >= grid.scrollHeight) break;
         }}
         grid.scrollTop = was;
         await drawn();
         return [...found.values()];"
    )
}
