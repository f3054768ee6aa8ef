//! A meter on the other end of the line, as slow as the wire and as wrong as the settings of the page make it.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use meterscope_capture::line_settings::LineSettings;

use crate::Outcome;
use crate::board::{Board, Line};
use crate::line_discipline::{HandedOn, hand_on};
use crate::uart::{Heard, Sent, hear, sent};

/// How often octets are handed over: a USB board does it every few milliseconds too.
const TICK: Duration = Duration::from_millis(4);
/// A port that is open takes octets at any time; one that takes none for so long has been closed, and they are lost.
const STALLED: Duration = Duration::from_secs(5);
/// What the browser needs to take octets, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Octets that follow each other without a gap, and the silence behind them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telegram {
    octets: Vec<Sent>,
    pause: Duration,
}

impl Telegram {
    /// A telegram as it should be. The silence is shorter than that of a real meter, for the sake of the tests.
    pub fn new(octets: &[u8]) -> Self {
        Self { octets: sent(octets), pause: Duration::from_millis(300) }
    }

    /// With another silence behind it.
    #[must_use]
    pub fn pause(self, pause: Duration) -> Self {
        Self { pause, ..self }
    }

    /// With one octet whose parity bit is sent wrong.
    #[must_use]
    pub fn with_wrong_parity(mut self, at: usize) -> Self {
        if let Some(octet) = self.octets.get_mut(at) {
            octet.parity_wrong = true;
        }
        self
    }
}

/// A meter that speaks in a thread of its own until it is told to be silent, or dropped.
#[derive(Debug)]
pub struct VirtualMeter {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    silent: AtomicBool,
    delivered: Mutex<Vec<u8>>,
}

impl VirtualMeter {
    /// Starts a meter with these settings. `program` gives one telegram after the other, by number; `None` ends it.
    pub fn start(
        board: &Board,
        settings: LineSettings,
        mut program: impl FnMut(u32) -> Option<Telegram> + Send + 'static,
    ) -> Self {
        let shared = Arc::<Shared>::default();
        let (board, told) = (board.clone(), Arc::clone(&shared));
        let thread = thread::spawn(move || {
            for number in 0.. {
                let Some(telegram) = program(number) else { return };
                if told.silent.load(Ordering::SeqCst) {
                    return;
                }
                speak(&board, settings, &telegram.octets, |octets| told.delivered().extend(octets));
                let pause = Instant::now();
                while pause.elapsed() < telegram.pause && !told.silent.load(Ordering::SeqCst) {
                    thread::sleep(TICK);
                }
            }
        });
        Self { shared, thread: Some(thread) }
    }

    /// A meter that says the same again and again.
    pub fn repeat(board: &Board, settings: LineSettings, telegram: Telegram) -> Self {
        Self::start(board, settings, move |_| Some(telegram.clone()))
    }

    /// The octets that the browser was handed so far without an error.
    pub fn delivered(&self) -> Vec<u8> {
        self.shared.delivered().clone()
    }

    /// Waits until the browser was handed so many octets.
    pub async fn wait_for_delivered(&self, count: usize) -> Outcome {
        let start = Instant::now();
        while self.shared.delivered().len() < count {
            if start.elapsed() > PATIENCE {
                let so_far = self.shared.delivered().len();
                return Err(format!("only {so_far} of {count} octets went through").into());
            }
            tokio::time::sleep(TICK).await;
        }
        Ok(())
    }

    /// Lets it end its telegram, and gives all octets that the browser was handed without an error.
    pub async fn silence(mut self) -> Outcome<Vec<u8>> {
        self.shared.silent.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            tokio::task::spawn_blocking(move || thread.join())
                .await?
                .map_err(|_| "the thread of the meter panicked")?;
        }
        Ok(self.delivered())
    }
}

impl Drop for VirtualMeter {
    fn drop(&mut self) {
        self.shared.silent.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Shared {
    fn delivered(&self) -> std::sync::MutexGuard<'_, Vec<u8>> {
        self.delivered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends octets at the speed of the line, and returns when the last was handed over, with the time just before that.
/// What is sent while the port is closed or the plug is out is lost. `delivered` hears of the others.
pub fn speak(
    board: &Board,
    settings: LineSettings,
    octets: &[Sent],
    mut delivered: impl FnMut(Vec<u8>),
) -> SystemTime {
    let duration = octets.len() as u64 * settings.octet_micros();
    let start = Instant::now();
    let mut line = None;
    let mut heard = Vec::new();
    let mut done = 0;
    loop {
        let now = start.elapsed().as_micros() as u64;
        let set = board.line().ok().flatten();
        if set != line {
            line = set;
            heard = set.map(|line| hear(octets, settings, line.settings)).unwrap_or_default();
        }
        let due: Vec<_> =
            heard.iter().filter(|octet| (done..now).contains(&octet.at_micros)).copied().collect();
        let handed_over = SystemTime::now();
        if let Some(line) = &line
            && let Ok(octets) = deliver(board, line, &due)
        {
            delivered(octets);
        }
        if now >= duration {
            return handed_over;
        }
        done = now;
        thread::sleep(TICK.min(Duration::from_micros(duration - now)));
    }
}

/// Writes what the rules make of the octets, and gives those that the page should get.
fn deliver(board: &Board, line: &Line, due: &[Heard]) -> io::Result<Vec<u8>> {
    let handed_on: Vec<_> = due.iter().map(|heard| hand_on(heard, line)).collect();
    let octets: Vec<u8> = handed_on.iter().flat_map(|octet| octet.octets(line)).collect();
    let mut rest = octets.as_slice();
    let start = Instant::now();
    while !rest.is_empty() {
        let taken = board.with_terminal(|terminal| {
            terminal.expect_marks()?;
            terminal.write_some(rest)
        })?;
        rest = rest.get(taken..).unwrap_or_default();
        if taken == 0 {
            if start.elapsed() > STALLED {
                return Err(io::ErrorKind::TimedOut.into());
            }
            thread::sleep(TICK);
        }
    }
    let data = handed_on.iter().filter_map(|octet| match octet {
        HandedOn::Octet(octet) => Some(*octet),
        HandedOn::Marked(_) | HandedOn::Nothing => None,
    });
    Ok(data.collect())
}
