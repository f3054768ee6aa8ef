//! The bit-level receiver of an asynchronous line: edges to octets.
//!
//! A start bit begins with a falling edge and is looked at in its middle, as all bits behind it: three samples, an
//! eighth of a bit apart, and the majority decides. Octets may follow each other without a pause. The sender's clock may
//! be wrong by 4 % and more.

use crate::edge::{Edge, Tick, is_before};
use crate::line_settings::{LineSettings, Parity};
use crate::noise_filter::NoiseFilter;

/// The speeds that a receiver takes, in bits a second, fastest first: each is half of the one before.
pub const SPEEDS: [u16; 6] = [9600, 4800, 2400, 1200, 600, 300];

/// One of [`SPEEDS`]: its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed(u8);

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

impl Speed {
    /// 2400 baud: that of M-Bus meters and HAN ports.
    pub const USUAL: Self = Self(2);

    /// The speed at a place of [`SPEEDS`].
    pub const fn at(place: u8) -> Option<Self> {
        if (place as usize) < SPEEDS.len() { Some(Self(place)) } else { None }
    }

    /// The speed of so many bits a second.
    pub const fn of(baud: u32) -> Option<Self> {
        let mut place = 0;
        let mut speed = FASTEST;
        while speed != baud {
            place += 1;
            speed >>= 1;
            if place == SPEEDS.len() as u8 {
                return None;
            }
        }
        Some(Self(place))
    }

    /// In bits a second.
    pub const fn baud(self) -> u16 {
        FASTEST as u16 >> self.0
    }

    /// A bit in 1/64 tick, 0.02 % long.
    const fn bit(self) -> u16 {
        1667 << self.0
    }
}

const FASTEST: u32 = SPEEDS[0] as u32;

impl Receiver {
    /// A receiver for a line that may be in the middle of an octet.
    pub const fn new(speed: Speed, format: Format) -> Self {
        Self { filter: NoiseFilter::new(HOLD), bit: speed.bit(), format, state: State::Low }
    }

    /// A receiver with all that line settings say; None for a speed that is not in [`SPEEDS`].
    pub fn with(settings: LineSettings) -> Option<Self> {
        let LineSettings { baud, data_bits, parity, .. } = settings;
        Some(Self::new(Speed::of(baud)?, Format::Known { data_bits, parity }))
    }

    /// Begins anew with other settings, on a line that may be in the middle of an octet.
    pub fn set(&mut self, speed: Speed, format: Format) {
        self.bit = speed.bit();
        self.format = format;
        self.state = State::Low;
    }

    /// Takes another format from the next octet on.
    pub fn set_format(&mut self, format: Format) {
        self.format = format;
    }

    /// How long an octet of eleven bits takes, in ticks.
    pub const fn octet_ticks(&self) -> Tick {
        11 * (self.bit >> 6)
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
        while let Some(edge) = self.filter.lasting(now) {
            // What lies before the change still has the level before it.
            if let Some(octet) = self.sample_until(edge.at) {
                return Some(octet);
            }
            self.filter.pass();
            self.change(edge);
        }
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
        let State::Bits(bits) = &mut self.state else { return None };
        let level = self.filter.level();
        loop {
            let at = bits.at();
            if !is_before(at, until) {
                return None;
            }
            let Some(bit) = bits.sample(level, self.bit) else { continue };
            let Some(verdict) = bits.take(bit, self.format) else { continue };
            let began = bits.began;
            // A missing stop bit, or a parity bit that is low: the line is low now.
            self.state = if level { State::Rest } else { State::Low };
            return match verdict {
                Verdict::NoStart => None,
                Verdict::Octet { octet, fault, ninth } => {
                    Some(Octet { octet, fault, ninth, began, ended: at })
                }
            };
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
        // Three eighths of a bit.
        let eighth = u32::from(bit >> 3);
        Self { began, next: eighth + eighth + eighth, place: 0, samples: 0, high: 0, received: 0 }
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
        let back = if self.samples == 3 { 2 * apart } else { apart };
        self.next += u32::from(bit) - back;
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
