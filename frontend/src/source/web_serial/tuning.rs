//! Finding the settings of the line while a port is open.

use std::rc::Rc;

use meterscope_capture::line_settings::LineSettings;
use yew::platform::spawn_local;

use super::halt::Halt;
use super::talk::Talk;
use super::watch::Watch;
use super::{Connection, Failure, News, Remembered};
use crate::source::clock::elapsed_ms;
use crate::source::find_settings::Step;
use crate::source::waiting::pause;

/// So often the search is asked what to do.
const SEARCH_STEP_MS: u32 = 250;

impl Watch {
    /// Asks the search from time to time what to do, as long as there is one.
    pub(super) fn tick(self: &Rc<Self>) {
        let watch = Rc::downgrade(self);
        spawn_local(async move {
            loop {
                pause(SEARCH_STEP_MS).await;
                let Some(watch) = watch.upgrade().filter(|watch| watch.search.borrow().is_some()) else {
                    return;
                };
                watch.step();
            }
        });
    }

    fn step(&self) {
        // While the device is away, or is asked what it is, nothing can be heard.
        if self.reader.borrow().is_none() || !self.is_open.get() {
            return;
        }
        let mut slot = self.search.borrow_mut();
        let Some(search) = &mut *slot else { return };
        let step = search.step(elapsed_ms());
        let progress = search.percent(elapsed_ms());
        match step {
            Step::Listen => {}
            Step::Change => {
                self.settings.set(search.settings());
                self.halt(Halt::Retuned);
            }
            Step::Found => {
                let Some(settings) = self.found_settings() else { return search.judge_again() };
                self.settings.set(settings);
                *slot = None;
                drop(slot);
                self.tell_fits();
                self.report(Connection::Open(self.line()));
                return;
            }
            Step::GiveUp(verdict) => {
                *slot = None;
                self.halt(Halt::Failed(Failure::NoSettingsFit(verdict)));
            }
        }
        if self.progress.replace(progress) != progress {
            (self.serial.on_news)(News::Progress(progress));
        }
    }

    /// The settings with which a good frame came; nothing where only the board knows, and it has not said yet.
    fn found_settings(&self) -> Option<LineSettings> {
        match &*self.talk.borrow() {
            Talk::Marked(forwarder) => forwarder.settings(),
            Talk::Nothing | Talk::Greeting(_) => Some(self.settings.get()),
        }
    }

    pub(super) fn tell_fits(&self) {
        let fits = Remembered { device: self.device(), settings: self.settings.get() };
        (self.serial.on_news)(News::Fits(fits));
    }
}
