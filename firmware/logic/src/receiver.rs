//! The bit-level receiver of an asynchronous line: edges to octets.
//!
//! A start bit begins with a falling edge and is looked at in its middle, as all bits behind it: three samples, an
//! eighth of a bit apart, and the majority decides. Octets may follow each other without a pause. The sender's clock may
//! be wrong by 4 % and more.

use crate::edge::{Edge, Tick, is_before};
use crate::line_settings::{LineSettings, Parity};
use crate::noise_filter::NoiseFilter;

/// The speeds that a receiver takes, in bits a second, fastest first.
pub const SPEEDS: [u16; 6] = [9600, 4800, 2400, 1200, 600, 300];

/// Pulses that are shorter, in ticks, are noise: 56 µs, so that 50 µs are however they fall between two ticks. The
/// shortest bit is 104 µs.
const HOLD: Tick = 14;

/// Receives one line.
#[derive(Clone, Copy, Debug)]
pub struct Receiver {
    filter: NoiseFilter,
    /// A bit, in 1/64 tick.
    bit: u16,
    format: Format,
    state: State,
}

/// What stands between start bit and stop bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Known.
    Known {
        /// 7 or 8.
        data_bits: u8,
        /// What the bit behind the data bits is.
        parity: Parity,
    },
    /// Eight data bits, and behind them a parity bit or the stop bit: [`Octet::ninth`]. The octets are the right ones
    /// either way, also without a pause between them.
    ParityUnknown,
}

/// An octet that was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Octet {
    /// Unused high bits are zero.
    pub octet: u8,
    /// What was wrong with it.
    pub fault: Option<Fault>,
    /// The bit behind eight data bits.
    pub ninth: bool,
    /// When its start bit began.
    pub began: Tick,
    /// When enough of its last bit was seen.
    pub ended: Tick,
}

/// What a receiver can find wrong with an octet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The parity bit does not fit.
    Parity,
    /// There is no stop bit.
    Framing,
    /// There is no stop bit and not a single one before it.
    Break,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// The line is at rest or in a stop bit.
    Rest,
    /// Between start and stop bit.
    Bits(Bits),
    /// The stop bit was missing: only a line that was high again can begin anew.
    Low,
}

#[derive(Clone, Copy, Debug)]
struct Bits {
    began: Tick,
    /// From `began` to the next sample, in 1/64 tick.
    next: u32,
    /// 0 is the start bit.
    place: u8,
    /// Samples of this bit, and how many of them were high.
    samples: u8,
    high: u8,
    /// What was received, the first bit lowest.
    received: u16,
}

impl Receiver {
    /// A receiver for a line that may be in the middle of an octet. None for a speed that is not in [`SPEEDS`].
    pub fn new(baud: u32, format: Format) -> Option<Self> {
        let bit = bit_64(baud)?;
        Some(Self { filter: NoiseFilter::new(HOLD), bit, format, state: State::Low })
    }

    /// A receiver with all that line settings say.
    pub fn with(settings: LineSettings) -> Option<Self> {
        let LineSettings { baud, data_bits, parity, .. } = settings;
        Self::new(baud, Format::Known { data_bits, parity })
    }

    /// Takes another format from the next octet on.
    pub fn set_format(&mut self, format: Format) {
        self.format = format;
    }

    /// How long an octet of eleven bits takes, in ticks.
    pub const fn octet_ticks(&self) -> Tick {
        ((self.bit as u32 * 11) >> 6) as Tick
    }

    /// Whether an octet has begun and not ended.
    pub const fn is_receiving(&self) -> bool {
        matches!(self.state, State::Bits(_))
    }

    /// The line changed. What was before must have been asked for with [`advance`](Self::advance), up to this moment.
    #[inline]
    pub fn edge(&mut self, edge: Edge) {
        self.filter.edge(edge);
    }

    /// Edges were lost: the octet that is being received cannot be right.
    pub fn lost(&mut self) {
        self.state = State::Low;
    }

    /// The next octet that is complete at `now`; to be asked until there is none, at least every 100 ms.
    #[inline]
    pub fn advance(&mut self, now: Tick) -> Option<Octet> {
        if self.state_is_waiting_for_high() && self.filter.level() && self.filter.known_until(now) == now {
            self.state = State::Rest;
        }
        let mut filter = self.filter;
        while let Some(edge) = filter.lasting(now) {
            // What lies before the change still has the level before it.
            if let Some(octet) = self.sample_until(edge.at) {
                return Some(octet);
            }
            self.filter = filter;
            self.change(edge);
        }
        self.filter = filter;
        self.sample_until(self.filter.known_until(now))
    }

    const fn state_is_waiting_for_high(&self) -> bool {
        matches!(self.state, State::Low)
    }

    fn change(&mut self, edge: Edge) {
        self.state = match (self.state, edge.level) {
            (State::Rest, false) => State::Bits(Bits::start(edge.at, self.bit)),
            (State::Low, true) => State::Rest,
            (state, _) => state,
        };
    }

    #[inline]
    fn sample_until(&mut self, until: Tick) -> Option<Octet> {
        let State::Bits(mut bits) = self.state else { return None };
        let level = self.filter.level();
        let mut ended = None;
        while ended.is_none() {
            let at = bits.at();
            if !is_before(at, until) {
                break;
            }
            if let Some(bit) = bits.sample(level, self.bit) {
                ended = bits.take(bit, self.format).map(|verdict| (verdict, at));
            }
        }
        let Some((verdict, at)) = ended else {
            self.state = State::Bits(bits);
            return None;
        };
        // A missing stop bit, or a parity bit that is low: the line is low now.
        self.state = if level { State::Rest } else { State::Low };
        match verdict {
            Verdict::NoStart => None,
            Verdict::Octet { octet, fault, ninth } => {
                Some(Octet { octet, fault, ninth, began: bits.began, ended: at })
            }
        }
    }
}

enum Verdict {
    /// Not even half a start bit.
    NoStart,
    Octet {
        octet: u8,
        fault: Option<Fault>,
        ninth: bool,
    },
}

impl Bits {
    fn start(began: Tick, bit: u16) -> Self {
        Self { began, next: first_sample(bit), place: 0, samples: 0, high: 0, received: 0 }
    }

    #[inline]
    fn at(&self) -> Tick {
        self.began.wrapping_add((self.next >> 6) as Tick)
    }

    /// One sample; the bit, as soon as two agree.
    #[inline]
    fn sample(&mut self, level: bool, bit: u16) -> Option<bool> {
        self.samples += 1;
        self.high += u8::from(level);
        let low = self.samples - self.high;
        let apart = u32::from(bit >> 3);
        if self.high < 2 && low < 2 {
            self.next += apart;
            return None;
        }
        // From here to the first sample of the next bit.
        self.next += u32::from(bit) - u32::from(self.samples - 1) * apart;
        let decided = self.high >= 2;
        (self.samples, self.high) = (0, 0);
        Some(decided)
    }

    #[inline]
    fn take(&mut self, bit: bool, format: Format) -> Option<Verdict> {
        let place = self.place;
        self.place += 1;
        if place == 0 {
            return bit.then_some(Verdict::NoStart);
        }
        self.received |= u16::from(bit) << (place - 1);
        let (data_bits, parity) = match format {
            Format::Known { data_bits, parity } => (data_bits, Some(parity)),
            Format::ParityUnknown => (8, None),
        };
        let has_parity_bit = !matches!(parity, None | Some(Parity::None));
        if place < 1 + data_bits + u8::from(has_parity_bit) {
            return None;
        }
        let octet = self.received as u8 & (u8::MAX >> (8 - data_bits));
        let ninth = self.received >> data_bits & 1 == 1;
        let fault = parity.and_then(|parity| self.fault(octet, ninth, bit, parity));
        Some(Verdict::Octet { octet, fault, ninth })
    }

    fn fault(&self, octet: u8, ninth: bool, stop: bool, parity: Parity) -> Option<Fault> {
        match (stop, self.received) {
            (false, 0) => Some(Fault::Break),
            (false, _) => Some(Fault::Framing),
            (true, _) => parity.bit(octet).is_some_and(|bit| bit != ninth).then_some(Fault::Parity),
        }
    }
}

/// Three eighths of a bit.
fn first_sample(bit: u16) -> u32 {
    u32::from(bit >> 3) * 3
}

/// A bit in 1/64 tick. A table, since a division takes a sixth of the forwarder on an AVR.
const fn bit_64(baud: u32) -> Option<u16> {
    Some(match baud {
        300 => 53_333,
        600 => 26_667,
        1200 => 13_333,
        2400 => 6667,
        4800 => 3333,
        9600 => 1667,
        _ => return None,
    })
}
