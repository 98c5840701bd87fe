package dev.esgen.examples.streams;

import bank.v1.AccountOuterClass.Account;
import bank.v1.AccountOuterClass.Account.Status;
import bank.v1.AccountOuterClass.AccountClosed;
import bank.v1.AccountOuterClass.AccountFrozen;
import bank.v1.AccountOuterClass.AccountOpened;
import bank.v1.AccountOuterClass.Deposited;
import bank.v1.AccountOuterClass.DepositedV2;
import bank.v1.AccountOuterClass.WithdrawalDeclined;
import bank.v1.AccountOuterClass.Withdrawn;
import com.google.protobuf.Message;

/** What an event does to an account: the same as the bank's own Apply functions. */
final class Fold {
  private Fold() {}

  static Account apply(Account account, Message event) {
    var next = account.toBuilder();
    if (event instanceof AccountOpened e) {
      next.setStatus(Status.STATUS_OPEN)
          .setOwner(e.getOwner())
          .setOverdraftCents(e.getOverdraftCents());
    } else if (event instanceof Deposited e) { // stored before amounts were counted in cents
      next.setBalanceCents(account.getBalanceCents() + Math.round(e.getAmount() * 100));
    } else if (event instanceof DepositedV2 e) {
      next.setBalanceCents(account.getBalanceCents() + e.getAmountCents());
    } else if (event instanceof Withdrawn e) {
      next.setBalanceCents(account.getBalanceCents() - e.getAmountCents());
    } else if (event instanceof AccountFrozen) {
      next.setStatus(Status.STATUS_FROZEN);
    } else if (event instanceof AccountClosed) {
      next.setStatus(Status.STATUS_CLOSED);
    } else if (!(event instanceof WithdrawalDeclined)) { // which changes nothing
      throw new IllegalArgumentException(
          "no effect is known of " + event.getDescriptorForType().getFullName());
    }
    return next.build();
  }
}
