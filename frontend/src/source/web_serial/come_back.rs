//! Waiting for a device that is gone.

use js_sys::Object;

use super::halt::Halt;
use super::relisted::{self, Relisted};
use super::watch::Watch;
use super::{Connection, SerialPort, device_id};
use crate::source::clock::elapsed_ms;

/// So often a device that is gone is looked for, besides when the browser says that one came.
const LOOK_MS: u32 = 500;
/// A port that is not listed any more, although its device was not unplugged, has lost its permission; the news that a
/// device was unplugged may come a little later than the error.
const PERMISSION_GONE_MS: u64 = 1500;
/// Browsers forget a device without a serial number when it is unplugged, and do not tell when it comes back: after so
/// long the person is offered to allow it again.
const STAYS_AWAY_MS: u64 = 10_000;

impl Watch {
    /// Notes which ports are those of other boards of the same kind: only while this one is there they can be told apart.
    pub(super) async fn note_others(&self, port: &SerialPort) {
        let mut others = self.ports_of_its_kind().await;
        others.retain(|other| !is_same(other, port));
        self.others.replace(others);
    }

    async fn ports_of_its_kind(&self) -> Vec<SerialPort> {
        let mut ports = self.serial.ports().await;
        ports.retain(|port| device_id(port) == self.device());
        ports
    }

    /// Waits for a fresh port of the same device: the old one is dead. Nothing when the connection shall end.
    pub(super) async fn come_back(&self, old: &SerialPort) -> Option<SerialPort> {
        let lost_ms = elapsed_ms();
        let (mut told, mut tried) = (false, false);
        self.port.replace(Some(old.clone()));
        loop {
            if matches!(self.halt.take(), Some(Halt::Stopped)) {
                return None;
            }
            let offered = self.offered.take();
            if offered.is_some() {
                return offered;
            }
            let listed = self.ports_of_its_kind().await;
            let Relisted { fresh, is_listed } = relisted::look(listed, old, &self.others.borrow(), is_same);
            if fresh.is_some() {
                return fresh;
            }
            let away_ms = elapsed_ms().saturating_sub(lost_ms);
            // The driver failed, and the device never went: it is tried once.
            if is_listed && !tried && self.may_live(away_ms) {
                tried = true;
                if self.opens(old).await {
                    return Some(old.clone());
                }
            }
            let patience = if self.unplugged.get() { STAYS_AWAY_MS } else { PERMISSION_GONE_MS };
            if !told && !is_listed && away_ms >= patience {
                told = true;
                self.report(Connection::PermissionGone);
            }
            self.bell.rung_within(LOOK_MS).await;
        }
    }

    /// Whether the device was not unplugged, so that its port may live.
    fn may_live(&self, away_ms: u64) -> bool {
        !self.unplugged.get() && away_ms >= PERMISSION_GONE_MS
    }

    /// Whether a port can be opened; it is closed again.
    async fn opens(&self, port: &SerialPort) -> bool {
        let opened = self.open(port, self.settings.get(), 1).await.is_ok();
        if opened {
            let _ = port.close().await;
        }
        opened
    }
}

/// The browser gives the same object for the same port, until its device is unplugged.
fn is_same(one: &SerialPort, other: &SerialPort) -> bool {
    Object::is(one.as_ref(), other.as_ref())
}
