//! What an electricity meter of an invented house measures, second by second.

use super::clock::Clock;

/// What a three-phase meter measures at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measurements {
    /// Now.
    pub clock: Clock,
    /// Sum of the phases.
    pub power: Power,
    /// L1, L2, L3.
    pub phases: [Phase; 3],
    /// Since the meter was mounted.
    pub energy: Energy,
}

/// One phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Phase {
    /// mA; negative while the phase exports.
    pub current_ma: i32,
    /// 0.1 V.
    pub voltage_dv: u16,
    /// Of this phase.
    pub power: Power,
}

/// Power in both directions; of two opposite ones, one is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_field_names, reason = "a name ends in its unit")]
pub struct Power {
    /// W.
    pub active_import_w: u32,
    /// W.
    pub active_export_w: u32,
    /// var.
    pub reactive_import_var: u32,
    /// var.
    pub reactive_export_var: u32,
}

/// Energy in both directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Energy {
    /// Wh.
    pub active_import_wh: u32,
    /// Wh.
    pub active_export_wh: u32,
    /// varh.
    pub reactive_import_varh: u32,
    /// varh.
    pub reactive_export_varh: u32,
}

/// A house with a refrigerator, a kettle, floor heating, a water heater and solar panels. The same start gives the same
/// values.
#[derive(Clone, Copy, Debug)]
pub struct Household {
    clock: Clock,
    counters: [Counter<HOUR_SECONDS>; 4],
}

/// A register: whole units, and how far the next one has come, in parts of `PER`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counter<const PER: u32> {
    pub whole: u32,
    rest: u32,
}

const HOUR_SECONDS: u32 = 3600;

/// Readings of the registers at the start, Wh and varh.
const START_ENERGY: [u32; 4] = [23_456_789, 1_234_567, 345_678, 2_345_678];

impl Household {
    /// The house at `clock`.
    pub fn starting(clock: Clock) -> Self {
        Self { clock, counters: START_ENERGY.map(Counter::new) }
    }

    /// Lets time pass, second by second.
    pub fn advance(&mut self, seconds: u32) {
        for _ in 0..seconds {
            let power = total(self.clock);
            for (counter, power) in self.counters.iter_mut().zip(power.directions()) {
                counter.add(power);
            }
            self.clock = self.clock.later(1);
        }
    }

    /// The time of day in the house.
    pub const fn clock(&self) -> Clock {
        self.clock
    }

    /// What the meter measures now.
    pub fn measurements(&self) -> Measurements {
        let mut now = Measurements::none(self.clock);
        self.measure(&mut now);
        now
    }

    /// The same, written where it stays: twice on the stack would be much on an AVR.
    #[inline(never)]
    pub fn measure(&self, now: &mut Measurements) {
        now.clock = self.clock;
        now.power = total(self.clock);
        measure_phases(&mut now.phases, self.clock);
        let [active_import, active_export, reactive_import, reactive_export] = &self.counters;
        now.energy.active_import_wh = active_import.whole;
        now.energy.active_export_wh = active_export.whole;
        now.energy.reactive_import_varh = reactive_import.whole;
        now.energy.reactive_export_varh = reactive_export.whole;
    }
}

impl Measurements {
    /// Nothing measured yet.
    #[inline(never)]
    pub fn none(clock: Clock) -> Self {
        Self { clock, power: Power::default(), phases: [Phase::default(); 3], energy: Energy::default() }
    }
}

impl Power {
    /// Active import and export, reactive import and export: OBIS C = 1, 2, 3, 4.
    pub const fn directions(&self) -> [u32; 4] {
        [self.active_import_w, self.active_export_w, self.reactive_import_var, self.reactive_export_var]
    }

    const fn of(active_w: i32, reactive_var: i32) -> Self {
        Self {
            active_import_w: positive(active_w),
            active_export_w: positive(-active_w),
            reactive_import_var: positive(reactive_var),
            reactive_export_var: positive(-reactive_var),
        }
    }
}

impl Energy {
    /// Active import and export, reactive import and export: OBIS C = 1, 2, 3, 4.
    pub const fn directions(&self) -> [u32; 4] {
        [self.active_import_wh, self.active_export_wh, self.reactive_import_varh, self.reactive_export_varh]
    }
}

impl<const PER: u32> Counter<PER> {
    pub const fn new(whole: u32) -> Self {
        Self { whole, rest: 0 }
    }

    /// Adds `amount` / `PER`; the register starts again at 0 after its last value.
    pub const fn add(&mut self, amount: u32) {
        let rest = self.rest + amount;
        self.whole = self.whole.wrapping_add(rest / PER);
        self.rest = rest % PER;
    }
}

/// A number between 0 and `below`, always the same for the same `step` and `salt`.
pub(super) const fn noise(step: u32, salt: u32, below: u32) -> u32 {
    // The finalizer of MurmurHash3: every bit of the input reaches every bit of the output.
    let mut mixed = step ^ salt.wrapping_mul(0x9E37_79B9);
    mixed = (mixed ^ (mixed >> 16)).wrapping_mul(0x85EB_CA6B);
    mixed = (mixed ^ (mixed >> 13)).wrapping_mul(0xC2B2_AE35);
    (mixed ^ (mixed >> 16)) % below
}

// What follows is in parts and writes in place, so that little of it is on an AVR's stack at once.

#[inline(never)]
fn measure_phases(phases: &mut [Phase; 3], clock: Clock) {
    for (phase, number) in phases.iter_mut().zip(1..) {
        let (active_w, reactive_var) = net(number, clock);
        measure_phase(phase, clock, number, active_w, reactive_var);
    }
}

/// All phases together.
#[inline(never)]
fn total(clock: Clock) -> Power {
    let (mut active_w, mut reactive_var) = (0, 0);
    for number in 1..=3 {
        let of_phase = net(number, clock);
        active_w += of_phase.0;
        reactive_var += of_phase.1;
    }
    Power::of(active_w, reactive_var)
}

/// What a phase takes from the mains: W and var.
#[inline(never)]
fn net(number: u32, clock: Clock) -> (i32, i32) {
    let (load_w, reactive_var) = load(number, clock);
    (load_w.cast_signed() - solar_w(clock).cast_signed(), reactive_var)
}

/// What is switched on: W and var on L1, L2 or L3.
#[inline(never)]
fn load(number: u32, clock: Clock) -> (u32, i32) {
    let hour = clock.second_of_day() / HOUR_SECONDS;
    let on = |period: u32, length: u32, power_w: u32| if clock.0 % period < length { power_w } else { 0 };
    let standby = 60 + noise(clock.0, number, 12);
    match number {
        1 => {
            let refrigerator = on(2700, 1020, 85);
            let kettle = if (6..23).contains(&hour) { on(2400, 150, 1980) } else { 0 };
            (standby + refrigerator + kettle, refrigerator.cast_signed() * 2 / 3 - 25)
        }
        2 => {
            let floor_heating = on(1260, 480, 1450);
            let light = if (17..23).contains(&hour) || hour == 6 { 160 } else { 0 };
            (standby + floor_heating + light, -40)
        }
        _ => {
            let water_heater = on(5400, 1500, 1960);
            (standby + water_heater, -15)
        }
    }
}

/// What the panels give on each phase: a parabola from six to six, and clouds that change every half minute.
#[inline(never)]
fn solar_w(clock: Clock) -> u32 {
    const DAWN_MINUTE: u32 = 6 * 60;
    const LENGTH_MINUTES: u32 = 12 * 60;
    const PEAK_W: u32 = 900;
    let Some(minute) = (clock.second_of_day() / 60).checked_sub(DAWN_MINUTE) else { return 0 };
    let Some(left) = LENGTH_MINUTES.checked_sub(minute) else { return 0 };
    let clear_w = PEAK_W * minute * left / (LENGTH_MINUTES / 2).pow(2);
    clear_w * (40 + noise(clock.0 / 30, 4, 61)) / 100
}

#[inline(never)]
fn measure_phase(phase: &mut Phase, clock: Clock, number: u32, active_w: i32, reactive_var: i32) {
    let nominal_dv = 2312 + noise(clock.0 / 5, 10 + number, 9);
    // The mains sag under load and rise while the house exports.
    let voltage_dv = nominal_dv.saturating_add_signed(-active_w / 200);
    let apparent_va = square_root(active_w.unsigned_abs().pow(2) + reactive_var.unsigned_abs().pow(2));
    let current_ma = (apparent_va * 10_000 / voltage_dv.max(1)).cast_signed();
    phase.current_ma = if active_w < 0 { -current_ma } else { current_ma };
    phase.voltage_dv = voltage_dv as u16;
    phase.power = Power::of(active_w, reactive_var);
}

/// Rounded down. That of the core library has a table of 512 octets, which an AVR keeps in RAM.
fn square_root(number: u32) -> u32 {
    let (mut rest, mut root, mut bit) = (number, 0, 1 << 30);
    while bit != 0 {
        root >>= 1;
        if rest >= (root << 1) + bit {
            rest -= (root << 1) + bit;
            root += bit;
        }
        bit >>= 2;
    }
    root
}

const fn positive(number: i32) -> u32 {
    if number > 0 { number.cast_unsigned() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Clock {
        Clock::new(2025, 6, 1, 12, 0, 0).unwrap()
    }

    #[test]
    fn a_day_is_plausible() {
        let mut house = Household::starting(Clock::new(2025, 6, 1, 0, 0, 0).unwrap());
        let (mut imported, mut exported) = (false, false);
        for _ in 0..24 * 60 {
            let now = house.measurements();
            assert!(now.power.active_import_w == 0 || now.power.active_export_w == 0);
            imported |= now.power.active_import_w > 1000;
            exported |= now.power.active_export_w > 1000;
            for phase in now.phases {
                assert!((2250..=2380).contains(&phase.voltage_dv), "{now:?}");
                assert!(phase.current_ma.abs() < 16_000, "{now:?}");
            }
            house.advance(60);
        }
        let day = house.measurements().energy.active_import_wh - START_ENERGY[0];
        assert!(imported && exported && (10_000..50_000).contains(&day), "{day} Wh");
    }

    #[test]
    fn the_same_start_gives_the_same_values_and_the_seconds_add_up() {
        let (mut once, mut often) = (Household::starting(noon()), Household::starting(noon()));
        once.advance(3600);
        (0..360).for_each(|_| often.advance(10));
        assert_eq!(once.measurements(), often.measurements());
        assert_eq!(once.measurements().clock, noon().later(3600));
    }

    #[test]
    fn square_roots_are_those_of_the_core_library() {
        for step in 0..100_000_u32 {
            for number in [step, step.wrapping_mul(42_949), step.wrapping_pow(2).wrapping_sub(1)] {
                assert_eq!(square_root(number), number.isqrt(), "{number}");
            }
        }
    }

    #[test]
    fn a_register_keeps_its_parts() {
        let mut counter = Counter::<10>::new(5);
        (0..4).for_each(|_| counter.add(9));
        assert_eq!((counter.whole, counter.rest), (8, 6));
    }
}
