//! A board with Meterscope's forwarder on it: the firmware's own code, with a meter on its bus and the browser on its port,
//! and no chip between them.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use meterscope_capture::line_settings::LineSettings;
use meterscope_firmware_logic::edge::{Edge, Tick};
use meterscope_firmware_logic::forwarder::Forwarder;
use meterscope_firmware_waveform::random::Random;
use meterscope_firmware_waveform::{Sender, Spoiling, Waveform};

use crate::Outcome;
use crate::board::Board;
use crate::pseudo_terminal::PseudoTerminal;

/// How often the board hands over what it has.
const STEP: Duration = Duration::from_millis(4);
const NS_PER_TICK: u64 = 4000;
/// The board's clock must not go on further at once.
const MOST_TICKS: u64 = 20_000;
const PATIENCE: Duration = Duration::from_secs(30);

/// A board that forwards in a thread of its own until it is dropped.
#[derive(Debug)]
pub struct VirtualForwarder {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    ended: AtomicBool,
    forwarder: Mutex<Forwarder>,
    bus: Mutex<Bus>,
}

/// What is still to come on the bus, in ticks since the board was started.
#[derive(Debug, Default)]
struct Bus {
    edges: VecDeque<(u64, bool)>,
    /// When the last of it ends.
    end: u64,
    now: u64,
}

impl VirtualForwarder {
    /// Takes the place of whatever is on the board.
    pub fn start(board: &Board) -> Self {
        let shared = Arc::new(Shared {
            ended: AtomicBool::new(false),
            forwarder: Mutex::new(Forwarder::new()),
            bus: Mutex::default(),
        });
        let (board, running) = (board.clone(), Arc::clone(&shared));
        let thread = thread::spawn(move || {
            let start = Instant::now();
            while !running.ended.load(Ordering::SeqCst) {
                running.step(&board, start.elapsed().as_nanos() as u64 / NS_PER_TICK);
                thread::sleep(STEP);
            }
        });
        Self { shared, thread: Some(thread) }
    }

    /// A meter on the bus says this, as soon as it has said what it was told before; with a wrong parity bit in the octets
    /// at these places.
    pub fn say(&self, octets: &[u8], settings: LineSettings, spoiled: &[usize]) {
        let sender = Sender { settings, clock_error: 0.0, jitter_ns: 0.0 };
        let mut line = Waveform::resting(0);
        for (place, &octet) in octets.iter().enumerate() {
            let spoiling = if spoiled.contains(&place) { Spoiling::Parity } else { Spoiling::None };
            line.send_spoiled(octet, spoiling, &sender, &mut Random::new(1));
        }
        line.rest(20.0 * sender.bit_ns());
        let mut bus = self.shared.bus();
        let begin = bus.end.max(bus.now);
        bus.edges.extend(line.edges().iter().map(|edge| (begin + edge.at_ns / NS_PER_TICK, edge.level)));
        bus.end = begin + line.end_ns() / NS_PER_TICK;
    }

    /// Waits until the meter has said everything.
    pub async fn wait_until_said(&self) -> Outcome {
        let start = Instant::now();
        while !self.shared.bus().is_quiet() {
            if start.elapsed() > PATIENCE {
                return Err("the meter never comes to its end".into());
            }
            tokio::time::sleep(STEP).await;
        }
        Ok(())
    }

    /// Waits until it answers this to somebody who asks what it is, beside the browser.
    pub async fn wait_for_identity(&self, identity: &str) -> Outcome {
        let start = Instant::now();
        while self.identity() != identity {
            if start.elapsed() > PATIENCE {
                return Err(format!("the board never was {identity}, but is {}", self.identity()).into());
            }
            tokio::time::sleep(STEP).await;
        }
        Ok(())
    }

    fn identity(&self) -> String {
        let mut answer = Vec::new();
        let mut forwarder = self.shared.forwarder();
        for &octet in b"\n?\n" {
            forwarder.host_octet(octet, &mut |octet| answer.push(octet));
        }
        String::from_utf8_lossy(&answer).trim_end().to_owned()
    }
}

impl Bus {
    fn is_quiet(&self) -> bool {
        self.now > self.end
    }
}

impl Drop for VirtualForwarder {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Shared {
    /// Time goes on to this tick.
    fn step(&self, board: &Board, until: u64) {
        let mut to_host = Vec::new();
        let mut output = |octet| to_host.push(octet);
        let mut bus = self.bus();
        let mut forwarder = self.forwarder();
        while bus.now < until {
            let next = until.min(bus.now + MOST_TICKS);
            while let Some((at, level)) = bus.edges.pop_front_if(|&mut (at, _)| at <= next) {
                forwarder.edge(Edge { at: at as Tick, level }, &mut output);
            }
            bus.now = next;
            forwarder.advance(next as Tick, &mut output);
        }
        // While the plug is out, nothing comes and goes.
        for octet in board.with_terminal(PseudoTerminal::take_sent).unwrap_or_default() {
            forwarder.host_octet(octet, &mut output);
        }
        drop((bus, forwarder));
        let _ = board.write_all(&to_host);
    }

    fn bus(&self) -> MutexGuard<'_, Bus> {
        self.bus.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forwarder(&self) -> MutexGuard<'_, Forwarder> {
        self.forwarder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
