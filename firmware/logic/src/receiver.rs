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

/// Pulses that are shorter, in ticks, are noise: 56 µs, so that 50 µs are however they fall between two ticks.
const HOLD: Tick = 14;
/// At 9600 baud 32 µs, so that 28 µs are. A third of a bit is the limit: noise in the middle of a bit must be shorter than
/// what it leaves on either side. So nothing can be added for late stamps.
const SHORTEST_HOLD: Tick = 8;
/// A third of a bit of 4800 baud.
const LONGEST_HOLD: Tick = 17;

/// Receives one line, whose edges may be stamped up to `LATE_TICKS` late, some more than others. So much longer a pulse may
/// seem, and so much more is taken for noise; at 9600 baud it is not, and the longest noise that is nothing is so much
/// shorter.
#[derive(Clone, Copy, Debug)]
pub struct Receiver<const LATE_TICKS: Tick = 0> {
    filter: NoiseFilter,
    /// An eighth of a bit, in 1/256 tick.
    eighth: u16,
    layout: Layout,
    /// Between start and stop bit; else a falling edge is waited for.
    is_receiving: bool,
    bits: Bits,
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

/// A [`Format`], as bits are counted.
#[derive(Clone, Copy, Debug)]
struct Layout {
    /// Ones where data bits are.
    data: u8,
    parity: Option<Parity>,
    /// The place of the last bit that is looked at.
    last: u16,
}

#[derive(Clone, Copy, Debug)]
// What is set to zero together does not lie together: that would take an AVR a function for memory.
#[repr(C)]
struct Bits {
    /// The place of this bit in `received`; 0 is the start bit.
    place: u16,
    began: Tick,
    received: u16,
    /// The moment of the next sample, in 1/256 tick.
    next: u32,
    /// Samples of this bit.
    high: u8,
    low: u8,
}

impl Speed {
    /// 2400 baud: that of M-Bus meters and HAN ports.
    pub const USUAL: Self = Self(2);
    /// 9600 baud.
    pub const FASTEST: Self = Self(0);

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

    /// How long a pulse of this speed lasts at least, by stamps that may be late by so many ticks.
    const fn hold(self, late: Tick) -> Tick {
        if self.0 == 0 { SHORTEST_HOLD } else { HOLD + late }
    }

    /// An eighth of a bit in 1/256 tick, 0.04 % short.
    const fn eighth(self) -> u16 {
        833 << self.0
    }
}

const FASTEST: u32 = SPEEDS[0] as u32;

impl<const LATE_TICKS: Tick> Receiver<LATE_TICKS> {
    /// All zero, which takes a board no flash: to be [`set`](Self::set) first. The line is at rest.
    pub const UNSET: Self = Self {
        filter: NoiseFilter::new(0),
        eighth: 0,
        layout: Layout { data: 0, parity: Some(Parity::None), last: 0 },
        is_receiving: false,
        bits: Bits { began: 0, next: 0, high: 0, low: 0, place: 0, received: 0 },
    };

    /// A receiver for a line that may be in the middle of an octet.
    pub const fn new(speed: Speed, format: Format) -> Self {
        let mut receiver = Self::UNSET;
        receiver.set(speed, format);
        receiver
    }

    /// A receiver with all that line settings say; None for a speed that is not in [`SPEEDS`].
    pub fn with(settings: LineSettings) -> Option<Self> {
        let LineSettings { baud, data_bits, parity, .. } = settings;
        Some(Self::new(Speed::of(baud)?, Format::Known { data_bits, parity }))
    }

    /// Begins anew with other settings, on a line that may be in the middle of an octet.
    pub const fn set(&mut self, speed: Speed, format: Format) {
        self.eighth = speed.eighth();
        const { assert!(HOLD + LATE_TICKS <= LONGEST_HOLD, "noise could be a bit of 4800 baud") };
        self.filter.set_hold(speed.hold(LATE_TICKS));
        self.is_receiving = false;
        self.set_format(format);
    }

    /// Takes another format.
    pub const fn set_format(&mut self, format: Format) {
        self.layout = Layout::of(format);
    }

    /// What it was set to.
    pub const fn format(&self) -> Format {
        let data_bits = if self.layout.data == 0x7F { 7 } else { 8 };
        match self.layout.parity {
            Some(parity) => Format::Known { data_bits, parity },
            None => Format::ParityUnknown,
        }
    }

    /// How long two octets take, in ticks: twenty bits.
    pub const fn two_octets_ticks(&self) -> Tick {
        // 20 * 8 / 256.
        (self.eighth >> 1) + (self.eighth >> 3)
    }

    /// Whether an octet has begun and not ended.
    pub const fn is_receiving(&self) -> bool {
        self.is_receiving
    }

    /// The line changed. What was before must have been asked for with [`advance`](Self::advance), up to this moment.
    #[inline]
    pub fn edge(&mut self, edge: Edge) {
        self.filter.edge(edge);
    }

    /// Edges were lost: the octet that is being received cannot be right. The line is at this level now.
    pub fn lost(&mut self, level: bool) {
        self.filter.set(level);
        self.is_receiving = false;
    }

    /// The next octet that is complete at `now`; to be asked until there is none, at least every 100 ms.
    #[inline]
    pub fn advance(&mut self, now: Tick) -> Option<Octet> {
        loop {
            let lasting = self.filter.lasting(now);
            // What lies before a change still has the level before it.
            if let Some(octet) = self.sample_until(self.filter.known_until(now)) {
                return Some(octet);
            }
            let edge = lasting?;
            self.filter.pass();
            if !edge.level && !self.is_receiving {
                self.is_receiving = true;
                self.bits.start(edge.at, self.eighth);
            }
        }
    }

    #[inline]
    fn sample_until(&mut self, until: Tick) -> Option<Octet> {
        while self.is_receiving {
            let at = self.bits.at();
            if !is_before(at, until) {
                break;
            }
            let Some(bit) = self.bits.sample(self.filter.level(), self.eighth) else { continue };
            let place = self.bits.put(bit);
            if place == self.layout.last {
                self.is_receiving = false;
                return Some(self.bits.octet(bit, at, self.layout));
            }
            // Not even half a start bit.
            self.is_receiving = place > 0 || !bit;
        }
        None
    }
}

impl Layout {
    const fn of(format: Format) -> Self {
        let (data_bits, parity) = match format {
            Format::Known { data_bits, parity } => (data_bits, Some(parity)),
            Format::ParityUnknown => (8, None),
        };
        let behind_data = if data_bits == 7 { 1 << 7 } else { 1 << 8 };
        let has_parity_bit = matches!(parity, Some(Parity::Even | Parity::Odd));
        let last = if has_parity_bit { behind_data << 1 } else { behind_data };
        Self { data: (behind_data - 1) as u8, parity, last }
    }
}

impl Bits {
    #[inline]
    fn start(&mut self, began: Tick, eighth: u16) {
        self.began = began;
        self.next = u32::from(began) << 8;
        (self.high, self.low) = (0, 0);
        (self.place, self.received) = (0, 0);
        self.step(3, eighth);
    }

    #[inline]
    fn at(&self) -> Tick {
        (self.next >> 8) as Tick
    }

    /// One sample; the bit, as soon as two agree.
    #[inline]
    fn sample(&mut self, level: bool, eighth: u16) -> Option<bool> {
        let samples = if level { &mut self.high } else { &mut self.low };
        *samples += 1;
        if *samples < 2 {
            self.step(1, eighth);
            return None;
        }
        // From here to the first sample of the next bit.
        self.step(9 - self.high - self.low, eighth);
        (self.high, self.low) = (0, 0);
        Some(level)
    }

    /// A loop is smaller than a product on an AVR.
    #[cfg_attr(target_arch = "avr", inline(never))]
    fn step(&mut self, eighths: u8, eighth: u16) {
        for _ in 0..eighths {
            self.next = self.next.wrapping_add(u32::from(eighth));
        }
    }

    /// Takes a bit; its place.
    #[inline]
    fn put(&mut self, bit: bool) -> u16 {
        let place = self.place;
        if bit {
            self.received |= place;
        }
        self.place = if place == 0 { 1 } else { place << 1 };
        place
    }

    /// What all bits up to `stop`, which was seen at `ended`, are together.
    fn octet(&self, stop: bool, ended: Tick, layout: Layout) -> Octet {
        let octet = self.received as u8 & layout.data;
        let ninth = self.received & (u16::from(layout.data) + 1) != 0;
        let fault = layout.parity.and_then(|parity| self.fault(octet, ninth, stop, parity));
        Octet { octet, fault, ninth, began: self.began, ended }
    }

    fn fault(&self, octet: u8, ninth: bool, stop: bool, parity: Parity) -> Option<Fault> {
        match (stop, self.received) {
            (false, 0) => Some(Fault::Break),
            (false, _) => Some(Fault::Framing),
            (true, _) => parity.bit(octet).is_some_and(|bit| bit != ninth).then_some(Fault::Parity),
        }
    }
}
