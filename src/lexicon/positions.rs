//! Sets of positions in a sentence: a bit for each token, and one for the end.

use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, Not, Shl, Shr};

/// A number as a set of positions. Most sentences fit into one machine word; [`u128`] is for the others.
pub(super) trait Positions:
    Copy
    + Default
    + Eq
    + BitAnd<Output = Self>
    + BitAndAssign
    + BitOr<Output = Self>
    + BitOrAssign
    + Not<Output = Self>
    + Shl<usize, Output = Self>
    + Shr<usize, Output = Self>
{
    /// No position.
    const NONE: Self;
    /// Every position there can be.
    const ALL: Self;
    /// How many positions there can be.
    const ROOM: usize;

    /// The set of one position.
    fn of(at: usize) -> Self;

    /// The first position; [`Self::ROOM`] where there is none.
    fn first(self) -> usize;

    /// The last position of a set that is not empty.
    fn last(self) -> usize;

    /// The set without its first position.
    fn rest(self) -> Self;

    /// Whether there are more than a few.
    fn is_crowded(self) -> bool {
        // Counting bits takes longer where the processor has no instruction for it.
        !self.rest().rest().rest().rest().is_empty()
    }

    /// Whether there is none.
    fn is_empty(self) -> bool {
        self == Self::NONE
    }

    /// All positions from `at` on.
    fn from(at: usize) -> Self {
        if at < Self::ROOM { Self::ALL << at } else { Self::NONE }
    }

    /// All positions up to `at` and with it.
    fn up_to(at: usize) -> Self {
        Self::ALL >> (Self::ROOM - 1 - at)
    }
}

macro_rules! positions {
    ($number:ty) => {
        impl Positions for $number {
            const NONE: Self = 0;
            const ALL: Self = <$number>::MAX;
            const ROOM: usize = <$number>::BITS as usize;

            fn of(at: usize) -> Self {
                1 << at
            }

            fn first(self) -> usize {
                self.trailing_zeros() as usize
            }

            fn last(self) -> usize {
                Self::ROOM - 1 - self.leading_zeros() as usize
            }

            fn rest(self) -> Self {
                self & self.wrapping_sub(1)
            }
        }
    };
}

positions!(u64);
positions!(u128);
