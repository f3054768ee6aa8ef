//! The browser's own dialog for a serial port, which no driver can operate, and what it decides.
//!
//! The profile holds the permission for every board from the beginning. What stands in for the dialog keeps it from the
//! page until the page asks for a port, as it would be in a browser where nobody has chosen one yet. All else, the ports
//! themselves first of all, is the browser's.

use std::path::Path;

use serde_json::{Value, json};
use thirtyfour::WebDriver;

use crate::stand_in::Device;
use crate::{Outcome, Page};

/// Runs before the page's own scripts. `harness-port-chosen` outlives a reload and is the same in every tab, as the
/// permission is. No event tells of a port that the page may not use.
const SCRIPT: &str = "
    if ('Serial' in window) {
        const CHOSEN = 'harness-port-chosen';
        const chosen = () => localStorage.getItem(CHOSEN) !== null;
        const permitted = Serial.prototype.getPorts;
        Serial.prototype.getPorts = async function () {
            const ports = await permitted.call(this);
            return chosen() ? ports : [];
        };
        Serial.prototype.requestPort = async function ({ filters = [] } = {}) {
            if (!navigator.userActivation.isActive) {
                throw new DOMException('Must be handling a user gesture to show a permission request.', 'SecurityError');
            }
            window.harnessFilters = filters;
            const listed = ({ usbVendorId, usbProductId }) => filters.length === 0 || filters.some(filter =>
                (filter.usbVendorId ?? usbVendorId) === usbVendorId
                && (filter.usbProductId ?? usbProductId) === usbProductId);
            const ports = await permitted.call(this);
            const port = window.harnessCancelsPicker ? undefined : ports.find(port => listed(port.getInfo()));
            if (!port) throw new DOMException('No port selected by the user.', 'NotFoundError');
            localStorage.setItem(CHOSEN, '');
            return port;
        };
        for (const event of ['connect', 'disconnect']) {
            navigator.serial.addEventListener(event, event => chosen() || event.stopImmediatePropagation(), true);
        }
    }
";

/// A browser in which nobody ever heard of serial ports.
const WITHOUT_WEB_SERIAL: &str =
    "delete Navigator.prototype.serial; delete window.Serial; delete window.SerialPort;";

/// What the session's current tab is shown for a serial port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picker {
    /// The first board that fits the page's filters is chosen.
    First,
    /// There is no Web Serial at all.
    Missing,
}

/// Stands in for the dialog in every page that the current tab opens from now on.
pub(crate) async fn replace(session: &WebDriver, picker: Picker) -> Outcome {
    let script = match picker {
        Picker::First => SCRIPT,
        Picker::Missing => WITHOUT_WEB_SERIAL,
    };
    session.cdp().page().add_script_to_evaluate_on_new_document(script).await?;
    Ok(())
}

/// What the profile must hold: the permission for the boards, and where files are saved to.
pub(crate) fn preferences(url: &str, devices: &[Device], downloads: &Path) -> Value {
    let devices: Vec<_> = devices.iter().map(Device::permission).collect();
    // Microseconds since 1601, as everywhere in Chromium's preferences.
    let permission =
        json!({ "last_modified": "13400000000000000", "setting": { "chosen-objects": devices } });
    let origin = format!("{},*", url.trim_end_matches('/'));
    json!({
        "profile.content_settings.exceptions.serial_chooser_data": { origin: permission },
        "download.default_directory": downloads,
        "download.prompt_for_download": false,
    })
}

impl Page {
    /// Whether the person will close the browser's dialog without choosing a port.
    pub async fn cancel_picker(&self, cancel: bool) -> Outcome {
        self.evaluate(&format!("void (window.harnessCancelsPicker = {cancel})")).await
    }

    /// The permission is gone, as after unplugging a board without a serial number: Chromium would not know it again.
    pub async fn forget_permission(&self) -> Outcome {
        self.evaluate("localStorage.removeItem('harness-port-chosen')").await
    }

    /// Takes the permission away in the browser itself, as a person does in its settings.
    pub async fn revoke_permission(&self) -> Outcome {
        let revoke =
            "(async () => { for (const port of await navigator.serial.getPorts()) await port.forget(); })()";
        self.evaluate(revoke).await
    }
}
